/** Explains a port: its registration, the decision of the policy, and its listeners. */
@NullMarked
package io.portcurfew.explain;

import org.jspecify.annotations.NullMarked;
