/** The copy of the last accepted bundle in the state folder. */
@NullMarked
package io.portcurfew.bundle.copy;

import org.jspecify.annotations.NullMarked;
