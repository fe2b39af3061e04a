/** Runs child processes safely, starts threads, reads monotonic time. It knows no other package. */
@NullMarked
package io.portcurfew.process;

import org.jspecify.annotations.NullMarked;
