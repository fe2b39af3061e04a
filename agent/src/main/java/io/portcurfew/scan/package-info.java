/** One pass of the daemon: observe, judge, update the alerts, save, count. */
@NullMarked
package io.portcurfew.scan;

import org.jspecify.annotations.NullMarked;
