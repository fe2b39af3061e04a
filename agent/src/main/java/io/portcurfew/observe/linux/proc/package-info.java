/** Processes, owners and text tables of /proc. */
@NullMarked
package io.portcurfew.observe.linux.proc;

import org.jspecify.annotations.NullMarked;
