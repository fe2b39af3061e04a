package io.portcurfew.notify;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertGroup;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.FindingType;
import io.portcurfew.policy.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The content of a notification that replaces many.
 *
 * @param counts the number of notifications for each reason
 * @param executables the known executables of the owners; at most {@link #MOST_EXECUTABLES}
 * @param shown the latest notification of each alert: one of each {@link AlertGroup}, then the
 *     rest, each the worst first and those of the host before others; at most {@link #MOST_SHOWN}
 */
public record Summary(
    SortedMap<Reason, Integer> counts, SortedSet<String> executables, List<Notification> shown) {

  /** The maximum of alerts in one message: it must stay small enough for receivers. */
  public static final int MOST_SHOWN = 200;

  static final int MOST_EXECUTABLES = 1_000;

  private static final Set<FindingType> OPENINGS =
      Set.of(
          FindingKind.OPEN,
          FindingKind.UNLISTED,
          FindingKind.EXPOSED,
          FindingKind.WRONG_OWNER,
          FindingKind.OWNER_UNKNOWN,
          FindingKind.HIDDEN);

  private static final Comparator<Notification> WORST_FIRST =
      Comparator.comparing((Notification n) -> n.alert().finding().severity())
          .thenComparing(n -> AlertGroup.of(n.alert().finding()).isOfHost())
          .reversed();

  public Summary {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    executables = Collections.unmodifiableSortedSet(new TreeSet<>(executables));
    shown = List.copyOf(shown);
  }

  /** Summarises notifications in their order; summaries among them are merged. */
  static Summary of(Collection<Notification> all) {
    Map<Reason, Integer> counts = new EnumMap<>(Reason.class);
    SortedSet<String> executables = new TreeSet<>();
    Map<String, Notification> latest = new LinkedHashMap<>();
    for (Notification one : all) {
      Summary inner = one.summary();
      if (inner == null) {
        counts.merge(one.reason(), 1, Integer::sum);
        addExecutables(one.alert(), executables);
        latest.put(one.alert().id(), one);
      } else {
        inner.counts.forEach((reason, count) -> counts.merge(reason, count, Integer::sum));
        executables.addAll(inner.executables);
        inner.shown.forEach(shown -> latest.put(shown.alert().id(), shown));
      }
    }
    return new Summary(new TreeMap<>(counts), bounded(executables), shown(latest.values()));
  }

  /** One of each group first, so that many of one program do not push out the others. */
  private static List<Notification> shown(Collection<Notification> latest) {
    Set<AlertGroup> groups = new HashSet<>();
    Map<Boolean, List<Notification>> byTurn =
        latest.stream()
            .sorted(WORST_FIRST)
            .collect(
                Collectors.partitioningBy(one -> groups.add(AlertGroup.of(one.alert().finding()))));
    return Stream.of(true, false)
        .flatMap(first -> byTurn.getOrDefault(first, List.of()).stream())
        .limit(MOST_SHOWN)
        .toList();
  }

  private static void addExecutables(Alert alert, SortedSet<String> into) {
    for (Owner owner : alert.finding().owners()) {
      HostText executable = owner.executable();
      if (executable != null && into.size() <= MOST_EXECUTABLES) {
        into.add(executable.toString());
      }
    }
  }

  private static SortedSet<String> bounded(SortedSet<String> all) {
    return all.stream().limit(MOST_EXECUTABLES).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The number of replaced notifications. */
  public int count() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The number of notifications that are not listed. */
  public int notShown() {
    return Math.max(0, count() - shown.size());
  }

  /** The worst severity of its alerts. */
  public Severity worst() {
    return shown.isEmpty() ? Severity.INFO : shown.get(0).alert().finding().severity();
  }

  /** True if at least one of its alerts fires. */
  public boolean isFiring() {
    return shown.stream().anyMatch(one -> one.alert().state() == AlertState.FIRING);
  }

  /** One line of text, as in {@code 10,000 listeners opened by 3 executables}. */
  public String text() {
    List<String> parts = new ArrayList<>();
    counts.forEach((reason, count) -> parts.add(part(reason, count)));
    return String.join("; ", parts);
  }

  private String part(Reason reason, int count) {
    boolean one = count == 1;
    String what =
        switch (reason) {
          case FIRST ->
              (opened() ? "listener" + (one ? "" : "s") + " opened" : alerts(one) + " started")
                  + by();
          case RESOLVED -> alerts(one) + (one ? " is resolved" : " are resolved");
          case CHANGED -> alerts(one) + " changed " + (one ? "its" : "their") + " owner";
          case REPEATED -> alerts(one) + (one ? " still fires" : " still fire");
          case ALREADY_FIRING -> alerts(one) + (one ? " fires" : " fire") + " already";
          case FLAPPING -> alerts(one) + (one ? " is flapping" : " are flapping");
          case SUMMARY -> "summaries";
        };
    return String.format(Locale.ROOT, "%,d %s", count, what);
  }

  private static String alerts(boolean one) {
    return one ? "alert" : "alerts";
  }

  /** True if every new alert is about an open listener. */
  private boolean opened() {
    return shown.stream()
        .filter(one -> one.reason() == Reason.FIRST)
        .allMatch(one -> isOpening(one.alert()));
  }

  private static boolean isOpening(Alert alert) {
    return OPENINGS.contains(alert.finding().kind());
  }

  private String by() {
    int known = executables.size();
    return known == 0
        ? ""
        : String.format(Locale.ROOT, " by %,d executable%s", known, known == 1 ? "" : "s");
  }
}
