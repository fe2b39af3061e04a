package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.VISIBILITY;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.text.ShortList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks that every network namespace was observed. Pure. */
final class NamespaceCheck {

  private static final String NAME = "network namespaces";
  private static final int MOST_NAMED = 8;

  private NamespaceCheck() {}

  /** True if a gap of the kernel source is about a namespace itself. */
  static boolean isAbout(Gap gap) {
    return gap.source().equals(LinuxSource.NAME)
        && (gap.what() == Gap.What.NAMESPACE
            || gap.cause() == Gap.Cause.NAMESPACE_CLOSED
            || gap.cause() == Gap.Cause.NAMESPACE_WITHOUT_PROCESS
            || gap.cause() == Gap.Cause.SOCKETS_UNLISTED
            || gap.cause() == Gap.Cause.NO_SOCK_DIAG);
  }

  /**
   * Makes the check.
   *
   * @param known the names of the namespaces that the kernel source knows
   * @param strays the files under /run/netns that are no namespaces
   */
  static Check of(List<Gap> gaps, List<String> known, List<String> strays, ProcessContext context) {
    List<Gap> about = gaps.stream().filter(NamespaceCheck::isAbout).toList();
    String found = known.size() + " known (" + ShortList.of(known, MOST_NAMED) + ")" + none(strays);
    if (about.isEmpty()) {
      return Check.ok(VISIBILITY, NAME, found + ", all observed");
    }
    String reasons = about.stream().map(Gap::why).collect(Collectors.joining("; "));
    boolean hides = about.stream().anyMatch(Gap::hidesListeners);
    return new Check(
        VISIBILITY,
        NAME,
        hides ? Check.CheckState.NOT_SEEN : Check.CheckState.LIMITED,
        found + (hides ? ", not all seen: " : ": ") + reasons,
        remedy(about, context));
  }

  private static String none(List<String> strays) {
    return strays.isEmpty()
        ? ""
        : "; under /run/netns but no namespaces, may be deleted: "
            + ShortList.of(strays, MOST_NAMED);
  }

  private static String remedy(List<Gap> about, ProcessContext context) {
    List<String> remedies = new ArrayList<>();
    List<Gap.@Nullable Cause> causes = about.stream().map(Gap::cause).toList();
    if (causes.contains(Gap.Cause.NAMESPACE_CLOSED)
        || causes.contains(Gap.Cause.NAMESPACE_WITHOUT_PROCESS)) {
      remedies.add(
          context.rights().may(Capability.CAP_SYS_ADMIN)
              ? "allow the system call setns, which is refused (systemd: RestrictNamespaces=,"
                  + " SystemCallFilter=)"
              : "entering other namespaces (setns) needs CAP_SYS_ADMIN, which is close to root;"
                  + " a namespace with a process is read from /proc/net without it");
    }
    if (causes.contains(Gap.Cause.SOCKETS_UNLISTED)) {
      remedies.add("portcurfew scan as root asks for the namespace of each socket");
    }
    if (causes.contains(Gap.Cause.NO_SOCK_DIAG)) {
      remedies.add("see sock_diag under Kernel");
    }
    if (causes.contains(Gap.Cause.PROCESSES_CLOSED)) {
      remedies.add(
          context.rights().may(Capability.CAP_SYS_PTRACE) ? OwnerCheck.REFUSED : OwnerCheck.BOTH);
    }
    if (causes.contains(Gap.Cause.PROCESSES_HIDDEN)) {
      remedies.add("for hidden processes see the check processes");
    }
    return remedies.isEmpty() ? "run the agent as root" : String.join("; ", remedies);
  }
}
