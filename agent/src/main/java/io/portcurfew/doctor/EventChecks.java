package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.VISIBILITY;

import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import java.util.ArrayList;
import java.util.List;

/** Checks the sources of events, which show listeners between two scans. Pure. */
final class EventChecks {

  /** The remedy for a missing tracefs, which systemd mounts at each start of the host. */
  private static final String MOUNT = "as root: mount -t tracefs tracefs /sys/kernel/tracing";

  private static final String RIGHT =
      "run the agent as root, or with CAP_PERFMON and CAP_DAC_READ_SEARCH and the system call"
          + " perf_event_open, as the shipped unit does: remove the drop-in"
          + " /etc/systemd/system/portcurfew.service.d/minimal.conf";

  private EventChecks() {}

  /**
   * Makes one check for each source.
   *
   * @param reports the sources as they could be opened with all settings on
   */
  static List<Check> of(EventSettings settings, List<EventSourceReport> reports) {
    List<Check> checks = new ArrayList<>();
    for (EventSourceReport report : reports) {
      checks.add(check(settings, report));
    }
    return checks;
  }

  private static Check check(EventSettings settings, EventSourceReport report) {
    boolean perf = report.name().equals("perf");
    String name = "events: " + report.name();
    String gives =
        perf
            ? "TCP listeners as they open and close, with their process"
            : "sockets that have closed, without their process, where nothing better is used";
    if (!report.up()) {
      String remedy = report.why().contains("ENOENT") ? MOUNT : RIGHT;
      return Check.limited(
          VISIBILITY, name, "would report " + gives + "; " + report.why(), perf ? remedy : null);
    }
    boolean off = perf ? !settings.tcp() : !settings.udp();
    return off
        ? Check.limited(
            VISIBILITY, name, "would report " + gives, "set events in the config to auto")
        : Check.ok(VISIBILITY, name, "reports " + gives);
  }
}
