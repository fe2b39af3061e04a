/** What is known of a port, and how the policy decides it, for people. */
@NullMarked
package io.portcurfew.explain;

import org.jspecify.annotations.NullMarked;
