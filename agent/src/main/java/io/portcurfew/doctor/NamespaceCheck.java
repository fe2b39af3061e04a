package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.SIGHT;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.LinuxSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Which network namespaces were looked into, and which could not be. Pure. */
final class NamespaceCheck {

  private static final String NAME = "network namespaces";
  private static final int MOST_NAMED = 8;

  private NamespaceCheck() {}

  /** Whether a gap of the kernel's own view is about a namespace and not about what is in one. */
  static boolean isAbout(Gap gap) {
    return gap.source().equals(LinuxSource.NAME)
        && (gap.why().startsWith("namespace ") || gap.why().contains("network namespace"));
  }

  /**
   * The check.
   *
   * @param known the names of those that the kernel's own view knows of
   */
  static Check of(List<Gap> gaps, List<String> known, Standing standing) {
    List<Gap> about = gaps.stream().filter(NamespaceCheck::isAbout).toList();
    String found = known.size() + " known (" + some(known) + ")";
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

  private static String remedy(List<Gap> about, Standing standing) {
    List<String> remedies = new ArrayList<>();
    if (about.stream().anyMatch(gap -> gap.why().contains("entering it"))) {
      remedies.add(
          standing.rights().may(Capability.CAP_SYS_ADMIN)
              ? "allow setns, which something refuses (systemd: RestrictNamespaces=,"
                  + " SystemCallFilter=)"
              : "to enter other namespaces (setns) takes CAP_SYS_ADMIN, which is close to root;"
                  + " one that a process is in is read from /proc/net without it");
    }
    if (about.stream().anyMatch(gap -> gap.why().startsWith("no right to see"))) {
      remedies.add(
          standing.rights().may(Capability.CAP_SYS_PTRACE) ? OwnerCheck.KEPT_OUT : OwnerCheck.BOTH);
    }
    if (about.stream().anyMatch(gap -> gap.why().contains("hidepid"))) {
      remedies.add("for hidden processes see processes");
    }
    return remedies.isEmpty() ? "run it as root" : String.join("; ", remedies);
  }
}
