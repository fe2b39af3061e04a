/** Tests of a policy: given listeners, expectations and mismatches. Pure. */
@NullMarked
package io.portcurfew.policytest;

import org.jspecify.annotations.NullMarked;
