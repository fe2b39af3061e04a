/** Listeners that the kernel announced between two scans; values only. */
@NullMarked
package io.portcurfew.observe.event;

import org.jspecify.annotations.NullMarked;
