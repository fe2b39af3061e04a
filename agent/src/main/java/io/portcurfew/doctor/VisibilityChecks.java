package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.VISIBILITY;

import io.portcurfew.config.ScanTimes;
import io.portcurfew.observe.OtherSockets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Checks the rights of this process and the chance to see short-lived listeners. Pure. */
final class VisibilityChecks {

  private static final String RIGHTS = "rights";
  private static final String PROCESSES = "processes";

  private VisibilityChecks() {}

  /** Checks the rights of this process. Other checks list the listeners that these hide now. */
  static Check rights(ProcessContext context) {
    String found = context.rights().toString();
    if (context.ownUsers()) {
      return Check.limited(
          VISIBILITY,
          RIGHTS,
          found + ", in its own user namespace: capabilities have no effect outside",
          "run the agent in the user namespace of the host");
    }
    return context.rights().maySeeOwners()
        ? Check.ok(VISIBILITY, RIGHTS, found)
        : Check.limited(
            VISIBILITY, RIGHTS, found + ": cannot see owners of other users", OwnerCheck.BOTH);
  }

  /** Checks which processes this process can see. */
  static Check processes(ProcessContext context) {
    if (context.processesAreHidden()) {
      return Check.notSeen(
          VISIBILITY,
          PROCESSES,
          "/proc is mounted with hidepid="
              + context.hidePid().name().toLowerCase(Locale.ROOT)
              + ": the processes of other users, their sockets and namespaces are hidden",
          OwnerCheck.BOTH + ", or as root: mount -o remount,hidepid=0 /proc");
    }
    if (context.ownPids()) {
      return Check.limited(
          VISIBILITY,
          PROCESSES,
          "this agent is in its own pid namespace: it cannot see processes outside, nor network"
              + " namespaces that only they use",
          "to observe the whole host, run it in the pid namespace of the host (containers:"
              + " --pid=host --network=host)");
    }
    return Check.ok(VISIBILITY, PROCESSES, "/proc hides no process from this agent");
  }

  /**
   * Checks if redirects can be seen.
   *
   * @param limit the reason why rulesets cannot be read; empty if they can
   */
  static Check redirects(String limit) {
    String files = "published ports of Docker, podman and CNI are read from their files; ";
    return limit.isEmpty()
        ? Check.ok(VISIBILITY, "redirects", files + "rulesets of nftables and iptables are read")
        : Check.limited(
            VISIBILITY,
            "redirects",
            files + limit + ", so other redirects of nftables and iptables are not seen",
            "install the drop-in portcurfew-reach.conf, which grants CAP_NET_ADMIN");
  }

  /**
   * Checks if sockets of other families can be listed.
   *
   * @param sockets as the last look saw them
   */
  static Check otherSockets(OtherSockets sockets) {
    String what = "other sockets";
    List<String> missing = new ArrayList<>(sockets.limits());
    sockets.gaps(what).forEach(gap -> missing.add(gap.why()));
    if (!sockets.looked()) {
      return Check.notSeen(VISIBILITY, what, "packet, raw and vsock sockets were not listed", null);
    }
    return missing.isEmpty()
        ? Check.ok(VISIBILITY, what, "every family of sockets that take traffic can be listed")
        : Check.limited(
            VISIBILITY,
            what,
            String.join("; ", missing),
            "load the modules packet_diag, raw_diag, vsock_diag and xdp_diag; CAP_SYS_ADMIN shows"
                + " TUN devices of other namespaces");
  }

  /**
   * Checks that no library answers in place of the kernel.
   *
   * @param forced the libraries that were forced into this process, in words
   */
  static Check libraries(List<String> forced) {
    return forced.isEmpty()
        ? Check.ok(VISIBILITY, "libraries", "no library is forced into this program")
        : Check.broken(
            VISIBILITY,
            "libraries",
            "forced into this program: " + String.join(", ", forced),
            "find out where they come from; no answer of this host can be trusted until they are"
                + " removed");
  }

  /** A scan is a moment: listeners that open and close between two scans are not seen. */
  static Check shortLived(ScanTimes times) {
    if (times instanceof ScanTimes.Every every) {
      Duration interval = every.interval();
      long seconds = interval.toSeconds();
      return Check.limited(
          VISIBILITY,
          "short-lived listeners",
          "a scan runs every %d s; without events a listener that is open for T seconds is seen with the probability min(1, T / %d)"
              .formatted(seconds, seconds),
          seconds > 1 ? "decrease scan.every to see more of them (at least 1s)" : null);
    }
    return Check.limited(
        VISIBILITY,
        "short-lived listeners",
        "scans run at the times of scan.cron; without events a listener that is open for T seconds"
            + " is seen with the probability min(1, T / interval)",
        "scan.every: 10s scans more often than most cron expressions");
  }
}
