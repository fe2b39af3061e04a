/** Builds the running agent, schedules its jobs and closes it again. */
@NullMarked
package io.portcurfew.daemon;

import org.jspecify.annotations.NullMarked;
