/** Reads processes, owners and text tables from /proc. */
@NullMarked
package io.portcurfew.observe.linux.proc;

import org.jspecify.annotations.NullMarked;
