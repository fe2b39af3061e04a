/** Reads processes, their descriptors and their control groups from /proc. */
@NullMarked
package io.portcurfew.observe.linux.proc;

import org.jspecify.annotations.NullMarked;
