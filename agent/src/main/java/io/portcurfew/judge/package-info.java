/** What we think of it: the policy, its rules and the findings. */
@NullMarked
package io.portcurfew.judge;

import org.jspecify.annotations.NullMarked;
