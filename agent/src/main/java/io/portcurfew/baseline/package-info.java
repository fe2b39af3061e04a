/** Learns rules from a snapshot and finds later differences from them. Pure. */
@NullMarked
package io.portcurfew.baseline;

import org.jspecify.annotations.NullMarked;
