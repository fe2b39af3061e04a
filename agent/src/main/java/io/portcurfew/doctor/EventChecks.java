package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.VISIBILITY;

import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the sources of events, which show listeners between two scans. Pure. */
final class EventChecks {

  /** The remedy for a missing tracefs, which systemd mounts at each start of the host. */
  private static final String MOUNT = "as root: mount -t tracefs tracefs /sys/kernel/tracing";

  private static final String PERF_RIGHT =
      "run the agent as root, or with CAP_PERFMON and CAP_DAC_READ_SEARCH and the system call"
          + " perf_event_open, as the shipped unit does: remove the drop-in"
          + " /etc/systemd/system/portcurfew.service.d/minimal.conf";

  private static final String PARANOID =
      "some kernels, as those of Debian and Ubuntu, ask for CAP_SYS_ADMIN above 2; as root: sysctl -w"
          + " kernel.perf_event_paranoid=2, the same in a file of /etc/sysctl.d, and systemctl restart portcurfew; or let root make the instance of tracefs: "
          + dropIn("tracefs");

  private static final String BPF_RIGHT =
      "run the agent as root, or with CAP_BPF and CAP_NET_ADMIN and the system call bpf: "
          + dropIn("events");

  private static final String OWN_ALONE =
      "reports sockets that have closed, without their process, in the agent's own network namespace"
          + " alone: entering others takes CAP_SYS_ADMIN, as root has it";

  private EventChecks() {}

  private static String dropIn(String name) {
    return "install -D -m 0644 /usr/share/doc/portcurfew/examples/systemd/portcurfew-"
        + name
        + ".conf /etc/systemd/system/portcurfew.service.d/"
        + name
        + ".conf && systemctl daemon-reload && systemctl restart portcurfew";
  }

  /**
   * Makes one check for each source that adds something.
   *
   * @param reports the sources as they could be opened with all settings on
   * @param mayEnter true if the agent may enter other network namespaces
   */
  static List<Check> of(EventSettings settings, List<EventSourceReport> reports, boolean mayEnter) {
    List<Check> checks = new ArrayList<>();
    boolean hasPerf = isUp(reports, "perf");
    boolean isEverywhere = mayEnter || (hasPerf && isUp(reports, "bpf"));
    for (EventSourceReport report : reports) {
      // An instance of tracefs adds nothing to perf.
      if (!hasPerf || !report.name().equals("tracefs")) {
        checks.add(
            report.name().equals("destroy") && report.up() && !isEverywhere
                ? Check.limited(VISIBILITY, "events: destroy", OWN_ALONE, null)
                : check(settings, report));
      }
    }
    return checks;
  }

  private static boolean isUp(List<EventSourceReport> reports, String source) {
    return reports.stream().anyMatch(one -> one.up() && one.name().equals(source));
  }

  private static Check check(EventSettings settings, EventSourceReport report) {
    String name = "events: " + report.name();
    String gives = gives(report.name());
    if (!report.up()) {
      return Check.limited(
          VISIBILITY, name, "would report " + gives + "; " + report.why(), remedy(report));
    }
    boolean isOfTcp = report.name().equals("perf") || report.name().equals("tracefs");
    boolean off = isOfTcp ? !settings.tcp() : !settings.udp();
    if (off) {
      return Check.limited(
          VISIBILITY, name, "would report " + gives, "set events in the config to auto");
    }
    return report.why().isEmpty()
        ? Check.ok(VISIBILITY, name, "reports " + gives)
        : Check.limited(VISIBILITY, name, "reports " + gives + "; " + report.why(), null);
  }

  private static String gives(String source) {
    return switch (source) {
      case "perf" -> "TCP listeners as they open and close, with their process";
      case "tracefs" ->
          "TCP listeners as they open and close, with their process, where perf is not allowed";
      case "bpf" -> "UDP sockets as they are bound, with their process";
      default -> "sockets that have closed, without their process, where nothing better is used";
    };
  }

  /** Only what the host refuses for want of a right has a remedy in the rights. */
  private static @Nullable String remedy(EventSourceReport report) {
    String why = report.why();
    boolean isRight = why.contains("EPERM") || why.contains("EACCES");
    if (why.contains("locked down")) {
      return null;
    }
    return switch (report.name()) {
      case "perf" ->
          why.contains("ENOENT")
              ? MOUNT
              : why.contains("perf_event_paranoid") ? PARANOID : PERF_RIGHT;
      case "bpf" -> isRight ? BPF_RIGHT : null;
      case "tracefs" -> "let root make the instance: " + dropIn("tracefs");
      default -> null;
    };
  }
}
