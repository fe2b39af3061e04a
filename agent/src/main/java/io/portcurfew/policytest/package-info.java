/** Tests of a policy: what is given, what is expected, and where the two differ; pure. */
@NullMarked
package io.portcurfew.policytest;

import org.jspecify.annotations.NullMarked;
