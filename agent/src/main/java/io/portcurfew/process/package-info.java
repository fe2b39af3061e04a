/** Runs child processes safely, and closes what is no longer needed. */
@NullMarked
package io.portcurfew.process;

import org.jspecify.annotations.NullMarked;
