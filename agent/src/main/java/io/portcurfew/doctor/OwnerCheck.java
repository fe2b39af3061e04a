package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.SIGHT;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether the owner of every listener is known. Pure. */
final class OwnerCheck {

  /** What to give an agent that does not run as root. */
  static final String BOTH =
      "run it as root, or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH (systemd:"
          + " AmbientCapabilities=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH)";

  /** Who is refused in spite of both capabilities. */
  static final String KEPT_OUT =
      "a security module (AppArmor, SELinux) or an outer user namespace keeps even root out;"
          + " as root, ls -l /proc/*/fd >/dev/null names the processes";

  /** What a source cannot tell from sockets of the kernel: it sees no process that it missed. */
  private static final String HIDDEN = "the processes of other users are hidden (see processes)";

  private static final int MOST_NAMED = 5;

  private OwnerCheck() {}

  /**
   * The check.
   *
   * @param standing {@code null} where this is not Linux
   */
  static Check of(Snapshot snapshot, @Nullable ProcessContext standing) {
    List<Listener> orphans =
        snapshot.listeners().stream().filter(listener -> listener.owners().isEmpty()).toList();
    int all = snapshot.listeners().size();
    if (orphans.isEmpty()) {
      return Check.ok(SIGHT, "owners", "known for every listener (" + all + ")");
    }
    String found = "unknown for " + orphans.size() + " of " + all + " (" + some(orphans) + ")";
    List<Gap> gaps = gaps(snapshot);
    List<String> whys =
        isBlindfolded(standing)
            ? List.of(HIDDEN)
            : gaps.stream().map(gap -> reason(gap.why())).toList();
    return Check.notSeen(
        SIGHT,
        "owners",
        found + (whys.isEmpty() ? "" : ": " + String.join("; ", whys)),
        remedy(standing, gaps));
  }

  private static boolean isBlindfolded(@Nullable ProcessContext standing) {
    return standing != null && standing.processesAreHidden();
  }

  private static String some(List<Listener> orphans) {
    String named =
        orphans.stream()
            .limit(MOST_NAMED)
            .map(listener -> listener.endpoint().toString())
            .collect(Collectors.joining(", "));
    int more = orphans.size() - MOST_NAMED;
    return more > 0 ? named + " and " + more + " more" : named;
  }

  /** What the first source says; a witness knows no better. */
  private static List<Gap> gaps(Snapshot snapshot) {
    String first = snapshot.sources().isEmpty() ? "" : snapshot.sources().get(0).name();
    return snapshot.gaps().stream()
        .filter(gap -> gap.what() == Gap.What.OWNERS && gap.source().equals(first))
        .toList();
  }

  /** Which listeners they are has been said. */
  private static String reason(String why) {
    int names = why.startsWith("no owner of ") ? why.indexOf(": ") : -1;
    return names < 0 ? why : why.substring(names + 2);
  }

  private static String remedy(@Nullable ProcessContext standing, List<Gap> gaps) {
    if (standing == null) {
      return "run it as root";
    }
    if (!standing.rights().maySeeOwners()) {
      return BOTH;
    }
    if (gaps.stream().anyMatch(gap -> gap.cause() == Gap.Cause.PROCESSES_CLOSED)) {
      return KEPT_OUT;
    }
    return standing.ownPids()
        ? "run it in the pid namespace of the host (containers: --pid=host)"
        : "name the port in the policy if the kernel is meant to serve it (NFS, VXLAN, WireGuard)";
  }
}
