/** Integration with systemd: readiness, watchdog and journal. */
@NullMarked
package io.portcurfew.systemd;

import org.jspecify.annotations.NullMarked;
