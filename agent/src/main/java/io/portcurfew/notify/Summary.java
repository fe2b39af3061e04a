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
import io.portcurfew.text.CountedNoun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
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
 *     rest, each the worst first, of equally bad ones those that fire before those that ended, and
 *     those of the host before others; at most {@link #MOST_SHOWN}. Half of these places are for
 *     ends, if there are more alerts: see {@link FoldSelection}
 */
public record Summary(
    SortedMap<Reason, Integer> counts, SortedSet<String> executables, List<Notification> shown) {

  /** The maximum of alerts in one message: it must stay small enough for receivers. */
  public static final int MOST_SHOWN = 200;

  static final int MOST_EXECUTABLES = 1_000;

  /** An event that a new alert reports, in words. */
  private enum Event {
    OPENED("listener opened", "listeners opened"),
    CHANGED("listener has a changed owner", "listeners have a changed owner"),
    UNKNOWN("listener has an unknown owner", "listeners have an unknown owner"),
    MISSING("listener is missing", "listeners are missing"),
    OTHER("alert started", "alerts started");

    final String one;
    final String many;

    Event(String one, String many) {
      this.one = one;
      this.many = many;
    }

    static Event of(FindingType type) {
      if (!(type instanceof FindingKind kind)) {
        return OTHER;
      }
      return switch (kind) {
        case OPEN, UNLISTED, EXPOSED, HIDDEN -> OPENED;
        case WRONG_OWNER, REPLACED -> CHANGED;
        case OWNER_UNKNOWN -> UNKNOWN;
        case MISSING -> MISSING;
        default -> OTHER;
      };
    }

    String words(int count) {
      return CountedNoun.grouped(count, one, many);
    }
  }

  private static final Comparator<Grouped> WORST_FIRST =
      Comparator.comparing((Grouped one) -> one.alert().finding().severity())
          .thenComparing(one -> one.alert().state() == AlertState.FIRING)
          .thenComparing(one -> one.group.isOfHost())
          .reversed();

  private record Grouped(Notification notification, AlertGroup group) {

    static Grouped of(Notification one) {
      return new Grouped(one, AlertGroup.of(one.alert().finding()));
    }

    Alert alert() {
      return notification.alert();
    }
  }

  public Summary {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    executables = Collections.unmodifiableSortedSet(new TreeSet<>(executables));
    shown = List.copyOf(shown);
  }

  /** Summarises notifications in their order; summaries among them are merged. */
  static Summary of(List<Notification> all) {
    return of(FoldSelection.whole(all));
  }

  /** The same for a part of a queue. */
  static Summary of(FoldSelection part) {
    Map<Reason, Integer> counts = new EnumMap<>(Reason.class);
    SortedSet<String> executables = new TreeSet<>();
    for (Notification one : part.replaced()) {
      Summary inner = one.summary();
      if (inner == null) {
        counts.merge(one.reason(), 1, Integer::sum);
        addExecutables(one.alert(), executables);
      } else {
        inner.counts.forEach((reason, count) -> counts.merge(reason, count, Integer::sum));
        executables.addAll(inner.executables);
      }
    }
    Map<String, Notification> latest = latest(part.replaced());
    // Their ends follow, and must not come before what this summary lists.
    latest.keySet().removeAll(part.left());
    List<Notification> shown = shown(ordered(latest.values()), part.listed());
    return new Summary(new TreeMap<>(counts), bounded(executables), shown);
  }

  /** The latest notification of each alert, by its id; modifiable. */
  static Map<String, Notification> latest(Collection<Notification> all) {
    Map<String, Notification> latest = new LinkedHashMap<>();
    for (Notification one : all) {
      Summary inner = one.summary();
      List<Notification> single = inner == null ? List.of(one) : inner.shown;
      single.forEach(each -> latest.put(each.alert().id(), each));
    }
    return latest;
  }

  private static List<Notification> shown(List<Notification> ordered, Set<String> listed) {
    List<Notification> shown = new ArrayList<>();
    int places = MOST_SHOWN - listed.size();
    for (Notification one : ordered) {
      boolean mustBe = listed.contains(one.alert().id());
      if (mustBe || places > 0) {
        shown.add(one);
        places -= mustBe ? 0 : 1;
      }
    }
    return shown;
  }

  /**
   * One of each group first, so that many of one program do not push out the others; of these, and
   * of the rest, the shares of the users in turn, so that many programs of one user do not either.
   */
  static List<Notification> ordered(Collection<Notification> all) {
    Set<AlertGroup> groups = new HashSet<>();
    Map<Boolean, List<Grouped>> byTurn =
        all.stream()
            .map(Grouped::of)
            .sorted(WORST_FIRST)
            .collect(Collectors.partitioningBy(one -> groups.add(one.group)));
    return Stream.of(true, false)
        .flatMap(first -> inTurn(byTurn.getOrDefault(first, List.of())))
        .map(Grouped::notification)
        .toList();
  }

  private static Stream<Grouped> inTurn(List<Grouped> worstFirst) {
    Map<AlertGroup.GroupShare, Integer> taken = new HashMap<>();
    IdentityHashMap<Grouped, Integer> turns = new IdentityHashMap<>();
    for (Grouped one : worstFirst) {
      turns.put(one, taken.merge(one.group.share(), 1, Integer::sum));
    }
    return worstFirst.stream()
        .sorted(WORST_FIRST.thenComparingInt(one -> turns.getOrDefault(one, 0)));
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
    if (reason == Reason.FIRST) {
      return started(count);
    }
    boolean one = count == 1;
    String what =
        switch (reason) {
          case FIRST -> alerts(one) + " started";
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

  /** One part for each event, or one for all if some alerts of several events are not shown. */
  private String started(int count) {
    Map<Event, Integer> events = new EnumMap<>(Event.class);
    shown.stream()
        .filter(one -> one.reason() == Reason.FIRST)
        .forEach(one -> events.merge(Event.of(one.alert().finding().kind()), 1, Integer::sum));
    int known = events.values().stream().mapToInt(Integer::intValue).sum();
    if (events.size() == 1) {
      return words(events.keySet().iterator().next(), count);
    }
    if (known != count) {
      return words(Event.OTHER, count);
    }
    List<String> parts = new ArrayList<>();
    events.forEach((event, number) -> parts.add(words(event, number)));
    return String.join(", ", parts);
  }

  private String words(Event event, int count) {
    return event.words(count) + (event == Event.OPENED || event == Event.OTHER ? by() : "");
  }

  private String by() {
    int known = executables.size();
    return known == 0 ? "" : " by " + CountedNoun.grouped(known, "executable", "executables");
  }
}
