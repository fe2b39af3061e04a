/** The source that uses OSHI; no other package does. */
@NullMarked
package io.portcurfew.observe.oshi;

import org.jspecify.annotations.NullMarked;
