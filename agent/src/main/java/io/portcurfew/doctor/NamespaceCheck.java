package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.SIGHT;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.LinuxSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which network namespaces were looked into, and which could not be. Pure. */
final class NamespaceCheck {

  private static final String NAME = "network namespaces";
  private static final int MOST_NAMED = 8;

  private NamespaceCheck() {}

  /** Whether a gap of the kernel's own view is about a namespace and not about what is in one. */
  static boolean isAbout(Gap gap) {
    return gap.source().equals(LinuxSource.NAME)
        && (gap.what() == Gap.What.NAMESPACE
            || gap.cause() == Gap.Cause.NAMESPACE_CLOSED
            || gap.cause() == Gap.Cause.NAMESPACE_WITHOUT_PROCESS
            || gap.cause() == Gap.Cause.NO_SOCK_DIAG);
  }

  /**
   * The check.
   *
   * @param known the names of those that the kernel's own view knows of
   * @param strays the files under /run/netns that are none
   */
  static Check of(
      List<Gap> gaps, List<String> known, List<String> strays, ProcessContext standing) {
    List<Gap> about = gaps.stream().filter(NamespaceCheck::isAbout).toList();
    String found = known.size() + " known (" + some(known) + ")" + none(strays);
    if (about.isEmpty()) {
      return Check.ok(SIGHT, NAME, found + ", all looked into");
    }
    String whys = about.stream().map(Gap::why).collect(Collectors.joining("; "));
    boolean hides = about.stream().anyMatch(Gap::hidesListeners);
    return new Check(
        SIGHT,
        NAME,
        hides ? Check.State.NOT_SEEN : Check.State.LIMITED,
        found + (hides ? ", not all seen: " : ": ") + whys,
        remedy(about, standing));
  }

  private static String some(List<String> names) {
    String named = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMED;
    return more > 0 ? named + " and " + more + " more" : named;
  }

  private static String none(List<String> strays) {
    return strays.isEmpty()
        ? ""
        : "; no namespace, though under /run/netns, and may be deleted: " + some(strays);
  }

  private static String remedy(List<Gap> about, ProcessContext standing) {
    List<String> remedies = new ArrayList<>();
    List<Gap.@Nullable Cause> causes = about.stream().map(Gap::cause).toList();
    if (causes.contains(Gap.Cause.NAMESPACE_CLOSED)
        || causes.contains(Gap.Cause.NAMESPACE_WITHOUT_PROCESS)) {
      remedies.add(
          standing.rights().may(Capability.CAP_SYS_ADMIN)
              ? "allow setns, which something refuses (systemd: RestrictNamespaces=,"
                  + " SystemCallFilter=)"
              : "to enter other namespaces (setns) takes CAP_SYS_ADMIN, which is close to root;"
                  + " one that a process is in is read from /proc/net without it");
    }
    if (causes.contains(Gap.Cause.NO_SOCK_DIAG)) {
      remedies.add("see sock_diag under Kernel");
    }
    if (causes.contains(Gap.Cause.PROCESSES_CLOSED)) {
      remedies.add(
          standing.rights().may(Capability.CAP_SYS_PTRACE) ? OwnerCheck.KEPT_OUT : OwnerCheck.BOTH);
    }
    if (causes.contains(Gap.Cause.PROCESSES_HIDDEN)) {
      remedies.add("for hidden processes see processes");
    }
    return remedies.isEmpty() ? "run it as root" : String.join("; ", remedies);
  }
}
