package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.SIGHT;

import io.portcurfew.config.ScanTimes;
import java.time.Duration;
import java.util.Locale;

/** What this process may see, and what it sees too seldom. Pure. */
final class VisibilityChecks {

  private static final String RIGHTS = "rights";
  private static final String PROCESSES = "processes";

  private VisibilityChecks() {}

  /** What this process may do. What that hides now is told by other checks. */
  static Check rights(ProcessContext standing) {
    String found = standing.rights().toString();
    if (standing.ownUsers()) {
      return Check.limited(
          SIGHT,
          RIGHTS,
          found + ", in a user namespace of its own: no capability counts outside of it",
          "run it in the user namespace of the host");
    }
    return standing.rights().maySeeOwners()
        ? Check.ok(SIGHT, RIGHTS, found)
        : Check.limited(
            SIGHT, RIGHTS, found + ": owners of other users cannot be seen", OwnerCheck.BOTH);
  }

  /** Which processes there are for this one. */
  static Check processes(ProcessContext standing) {
    if (standing.processesAreHidden()) {
      return Check.notSeen(
          SIGHT,
          PROCESSES,
          "/proc is mounted with hidepid="
              + standing.hidePid().name().toLowerCase(Locale.ROOT)
              + ": the processes of other users are hidden, with their sockets and namespaces",
          OwnerCheck.BOTH + ", or as root: mount -o remount,hidepid=0 /proc");
    }
    if (standing.ownPids()) {
      return Check.limited(
          SIGHT,
          PROCESSES,
          "this agent lives in a pid namespace of its own: processes outside of it, and the network"
              + " namespaces that only they are in, are not there for it",
          "to watch the whole host, run it in the pid namespace of the host (containers:"
              + " --pid=host --network=host)");
    }
    return Check.ok(SIGHT, PROCESSES, "/proc hides none from this agent");
  }

  /** A look is a moment: what opens and closes between two is not seen. */
  static Check shortLived(ScanTimes times) {
    if (times instanceof ScanTimes.Every every) {
      Duration interval = every.interval();
      long seconds = interval.toSeconds();
      return Check.limited(
          SIGHT,
          "short-lived listeners",
          "a look is taken every %d s; a listener that is open for T seconds is seen with the chance min(1, T / %d)"
              .formatted(seconds, seconds),
          seconds > 1 ? "a smaller scan.every sees more of them (1s at least)" : null);
    }
    return Check.limited(
        SIGHT,
        "short-lived listeners",
        "looks are taken at the times of scan.cron; a listener that opens and closes between two is"
            + " not seen: the chance is min(1, T / interval)",
        "scan.every: 10s looks more often than most cron expressions");
  }
}
