/** The rules that are learnt from a snapshot, and what differs from them later; pure. */
@NullMarked
package io.portcurfew.baseline;

import org.jspecify.annotations.NullMarked;
