package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.VISIBILITY;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.text.ShortList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that the owner of every listener is known. Pure. */
final class OwnerCheck {

  /** The remedy for an agent without the capabilities. */
  static final String BOTH =
      "run the agent as root, or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH (systemd:"
          + " AmbientCapabilities=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH)";

  /** The remedy for an agent that is refused despite both capabilities. */
  static final String REFUSED =
      "a security module (AppArmor, SELinux) or an outer user namespace refuses access even to"
          + " root; as root, ls -l /proc/*/fd >/dev/null names the processes";

  /** A source cannot distinguish sockets of hidden processes from sockets of the kernel. */
  private static final String HIDDEN = "the processes of other users are hidden (see processes)";

  private static final int MOST_NAMED = 5;

  private OwnerCheck() {}

  /**
   * Makes the check.
   *
   * @param context {@code null} on other systems than Linux
   */
  static Check of(Snapshot snapshot, @Nullable ProcessContext context) {
    List<Listener> unowned =
        snapshot.listeners().stream()
            .filter(listener -> listener.owners().isEmpty() && listener.via() == null)
            .toList();
    int all = snapshot.listeners().size();
    if (unowned.isEmpty()) {
      return Check.ok(VISIBILITY, "owners", "known for every listener (" + all + ")");
    }
    String found = "unknown for " + unowned.size() + " of " + all + " (" + some(unowned) + ")";
    List<Gap> gaps = gaps(snapshot);
    List<String> reasons =
        hidesProcesses(context)
            ? List.of(HIDDEN)
            : gaps.stream().map(gap -> reason(gap.why())).toList();
    return Check.notSeen(
        VISIBILITY,
        "owners",
        found + (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons)),
        remedy(context, gaps));
  }

  private static boolean hidesProcesses(@Nullable ProcessContext context) {
    return context != null && context.processesAreHidden();
  }

  private static String some(List<Listener> unowned) {
    return ShortList.of(unowned.stream().map(Listener::endpoint).toList(), MOST_NAMED);
  }

  /** The gaps of the first source; other sources know no more. */
  private static List<Gap> gaps(Snapshot snapshot) {
    String first = snapshot.sources().isEmpty() ? "" : snapshot.sources().get(0).name();
    return snapshot.gaps().stream()
        .filter(gap -> gap.what() == Gap.What.OWNERS && gap.source().equals(first))
        .toList();
  }

  /** Removes the names of the listeners, which the check already lists. */
  private static String reason(String why) {
    int names = why.startsWith("no owner of ") ? why.indexOf(": ") : -1;
    return names < 0 ? why : why.substring(names + 2);
  }

  private static String remedy(@Nullable ProcessContext context, List<Gap> gaps) {
    if (context == null) {
      return "run the agent as root";
    }
    if (!context.rights().maySeeOwners()) {
      return BOTH;
    }
    if (gaps.stream().anyMatch(gap -> gap.cause() == Gap.Cause.PROCESSES_CLOSED)) {
      return REFUSED;
    }
    return context.ownPids()
        ? "run the agent in the pid namespace of the host (containers: --pid=host)"
        : "add a rule for the port if the kernel is meant to serve it (NFS, VXLAN, WireGuard)";
  }
}
