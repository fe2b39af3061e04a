package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.SOURCES;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.text.CountedNoun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks each source. Pure. The first source decides; the others cross-check it. */
final class SourceChecks {

  /** Measured: lsof 4.95 omits a process called {@code a(b}. */
  private static final String LSOF_FLAW =
      "it shows only sockets of processes, and lsof up to 4.95 omits a process whose name has an"
          + " unclosed '(' (lsof -v prints the version)";

  private static final Map<String, String> PACKAGES =
      Map.of(
          "ss", "iproute2 (Debian, Ubuntu, SUSE, Alpine) or iproute (Fedora, RHEL)",
          "lsof", "lsof",
          "netstat", "net-tools");

  private SourceChecks() {}

  static List<Check> of(Snapshot snapshot) {
    if (snapshot.sources().isEmpty()) {
      return List.of(Check.notSeen(SOURCES, "all", "this system has no source of listeners", null));
    }
    List<Check> checks = new ArrayList<>();
    for (SourceReport source : snapshot.sources()) {
      List<Gap> gaps =
          snapshot.gaps().stream().filter(gap -> gap.source().equals(source.name())).toList();
      checks.add(checks.isEmpty() ? first(source, gaps) : crossCheck(source, gaps));
    }
    return checks;
  }

  /** Its gaps of owners and namespaces have their own checks. */
  private static Check first(SourceReport source, List<Gap> gaps) {
    List<Gap> others =
        gaps.stream()
            .filter(gap -> gap.what() != Gap.What.OWNERS && !NamespaceCheck.isAbout(gap))
            .toList();
    String found = count(source) + reasons(others);
    if (source.complete()) {
      return others.isEmpty()
          ? Check.ok(SOURCES, source.name(), found + ", nothing missed")
          : Check.limited(SOURCES, source.name(), found, null);
    }
    boolean elsewhere = others.isEmpty() && gaps.stream().anyMatch(Gap::hidesListeners);
    return elsewhere
        ? Check.limited(
            SOURCES, source.name(), found + "; for the gaps see network namespaces", null)
        : Check.notSeen(SOURCES, source.name(), found, remedyOfFirst(others));
  }

  private static @Nullable String remedyOfFirst(List<Gap> gaps) {
    return gaps.stream().anyMatch(gap -> gap.cause() == Gap.Cause.NO_NATIVE_LIBRARY)
        ? "JNA unpacks its library below java.io.tmpdir: set a folder that is not mounted noexec"
            + " (PORTCURFEW_JAVA_OPTIONS=-Djna.tmpdir=FOLDER)"
        : null;
  }

  private static Check crossCheck(SourceReport source, List<Gap> gaps) {
    String name = source.name();
    if (!source.up()) {
      return Check.limited(
          SOURCES, name, "not available for the cross-check" + reasons(gaps), remedy(name, gaps));
    }
    String found = count(source) + reasons(gaps);
    if (name.equals("lsof")) {
      found = count(source) + "; " + LSOF_FLAW + reasons(gaps);
      return gaps.isEmpty()
          ? Check.ok(SOURCES, name, found)
          : Check.limited(SOURCES, name, found, null);
    }
    return source.complete() && gaps.isEmpty()
        ? Check.ok(SOURCES, name, found)
        : Check.limited(SOURCES, name, found, null);
  }

  private static @Nullable String remedy(String name, List<Gap> gaps) {
    if (name.equals("lsof") && gaps.stream().anyMatch(gap -> gap.cause() == Gap.Cause.NO_ROWS)) {
      return "none if no visible process has a listener: lsof then prints nothing";
    }
    boolean absent = gaps.stream().anyMatch(gap -> gap.cause() == Gap.Cause.NOT_INSTALLED);
    return absent && PACKAGES.containsKey(name)
        ? "to cross-check with it, install the package " + PACKAGES.get(name)
        : null;
  }

  private static String count(SourceReport source) {
    return CountedNoun.of(source.listeners(), "listener");
  }

  private static String reasons(List<Gap> gaps) {
    return gaps.isEmpty()
        ? ""
        : gaps.stream().map(Gap::why).distinct().collect(Collectors.joining("; ", ": ", ""));
  }
}
