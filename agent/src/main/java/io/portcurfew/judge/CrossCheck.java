package io.portcurfew.judge;

import static io.portcurfew.judge.HiddenCheck.COMPARISON;
import static io.portcurfew.judge.HiddenCheck.SWEEP;

import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.observe.sweep.SweepResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The result of comparing all sources. A socket that opens or closes between two sources makes them
 * differ once; one that lives for a moment even twice, missed at its start and at its end by a
 * source whose looks took different times. A listener is hidden only if the same source misses it
 * in three comparisons in a row: others saw it before and after the second look of that source.
 *
 * @param open the disagreements of the last comparison
 * @param repeated the disagreements in which the same source missed the listener for the second
 *     time
 * @param hidden those in which it missed it for the third time
 * @param listeners the hidden listeners, as they were last seen
 * @param swept the ports that were taken in the last sweep although no source shows a listener
 * @param undecided the open questions of the checks for hidden listeners
 */
public record CrossCheck(
    List<Disagreement> open,
    List<Disagreement> repeated,
    List<Disagreement> hidden,
    List<Listener> listeners,
    SweepResult swept,
    UndecidedChecks undecided) {

  /** The number of looks that decide about a disagreement. */
  public static final int LOOKS = 3;

  /** No comparison yet. */
  public static final CrossCheck NONE =
      new CrossCheck(
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          SweepResult.NOTHING,
          new UndecidedChecks(EnumSet.allOf(HiddenCheck.class), List.of()));

  /**
   * The result after another snapshot, which began after the last one ended. A snapshot with fewer
   * than two complete sources compares nothing. What is hidden stays so while no source that missed
   * it can look and another one shows it.
   */
  public CrossCheck after(Snapshot snapshot) {
    SourceReport first = snapshot.sources().get(0);
    if (snapshot.completeSources() < 2) {
      return with(new UndecidedChecks(undecided.awaited(), shownByOthers(snapshot, first)));
    }
    List<Disagreement> now = new ArrayList<>(snapshot.disagreements());
    now.addAll(unanswered(snapshot));
    List<Disagreement> twice = missedAgain(now, open);
    List<Disagreement> thrice = missedAgain(twice, repeated);
    // The first comparisons cannot decide where sources disagree, and none without the source of
    // all scans, which comes first: a scan by it would take the silence of the others for an end.
    boolean agree = now.isEmpty() || !repeated.isEmpty() || (!open.isEmpty() && twice.isEmpty());
    boolean decided = !awaits(COMPARISON) || (first.complete() && agree);
    List<Listener> unconfirmed =
        first.complete() ? undecided(snapshot, now, thrice) : shownByOthers(snapshot, first);
    return new CrossCheck(
        List.copyOf(now),
        twice,
        thrice,
        listeners(snapshot, endpoints(thrice)),
        swept,
        new UndecidedChecks(decided ? without(COMPARISON) : undecided.awaited(), unconfirmed));
  }

  private CrossCheck with(UndecidedChecks checks) {
    return new CrossCheck(open, repeated, hidden, listeners, swept, checks);
  }

  /** The listeners about which the sources have disagreed once or twice. */
  private static List<Listener> undecided(
      Snapshot snapshot, List<Disagreement> now, List<Disagreement> thrice) {
    Set<Endpoint> endpoints = new HashSet<>(endpoints(now));
    endpoints.removeAll(endpoints(thrice));
    return listeners(snapshot, endpoints);
  }

  private static List<Listener> shownByOthers(Snapshot snapshot, SourceReport first) {
    return snapshot.listeners().stream()
        .filter(listener -> !listener.seenBy().contains(first.name()))
        .toList();
  }

  /** The hidden listeners that are still there and that no source which missed them looked for. */
  private List<Disagreement> unanswered(Snapshot snapshot) {
    Set<String> looked =
        snapshot.sources().stream()
            .filter(SourceReport::complete)
            .map(SourceReport::name)
            .collect(Collectors.toSet());
    Set<Endpoint> shown =
        snapshot.listeners().stream().map(Listener::endpoint).collect(Collectors.toSet());
    Set<Endpoint> again = endpoints(snapshot.disagreements());
    return hidden.stream()
        .filter(one -> Collections.disjoint(one.missedBy(), looked))
        .filter(one -> shown.contains(one.endpoint()) && !again.contains(one.endpoint()))
        .toList();
  }

  private boolean awaits(HiddenCheck check) {
    return undecided.awaited().contains(check);
  }

  private Set<HiddenCheck> without(HiddenCheck check) {
    return undecided.awaited().stream().filter(one -> one != check).collect(Collectors.toSet());
  }

  /** The disagreements of which a source missed the listener before too, with these sources. */
  private static List<Disagreement> missedAgain(
      List<Disagreement> now, List<Disagreement> earlier) {
    Map<Endpoint, SortedSet<String>> before =
        earlier.stream().collect(Collectors.toMap(Disagreement::endpoint, Disagreement::missedBy));
    List<Disagreement> again = new ArrayList<>();
    for (Disagreement one : now) {
      SortedSet<String> missed = new TreeSet<>(one.missedBy());
      missed.retainAll(before.getOrDefault(one.endpoint(), Collections.emptySortedSet()));
      if (!missed.isEmpty()) {
        again.add(new Disagreement(one.endpoint(), one.seenBy(), missed));
      }
    }
    return List.copyOf(again);
  }

  /** The same with the result of the latest sweep. A sweep that could not begin decides nothing. */
  public CrossCheck swept(SweepResult latest) {
    return swept(latest, latest.tried() > 0);
  }

  /**
   * The same without a sweep in the config. Then a comparison decides about what the last sweep
   * found, so that switching the sweep off ends no alert that nobody can check.
   *
   * @param compared the snapshot that was compared last
   */
  public CrossCheck withoutSweep(Snapshot compared) {
    boolean decided =
        compared.completeSources() >= 2
            && compared.sources().get(0).complete()
            && !awaits(COMPARISON);
    return swept(SweepResult.NOTHING, decided);
  }

  private CrossCheck swept(SweepResult latest, boolean decided) {
    Set<HiddenCheck> others = without(SWEEP);
    if (!decided) {
      others.add(SWEEP);
    }
    UndecidedChecks checks = new UndecidedChecks(others, undecided.unconfirmed());
    return new CrossCheck(open, repeated, hidden, listeners, latest, checks);
  }

  /** The ports that were taken in the last sweep and that this snapshot does not explain either. */
  List<Endpoint> unexplained(Snapshot snapshot) {
    return swept.unexplained().stream()
        .filter(port -> snapshot.listeners().stream().noneMatch(l -> SweepResult.takes(l, port)))
        .toList();
  }

  private static Set<Endpoint> endpoints(List<Disagreement> disagreements) {
    return disagreements.stream().map(Disagreement::endpoint).collect(Collectors.toSet());
  }

  private static List<Listener> listeners(Snapshot snapshot, Set<Endpoint> wanted) {
    return snapshot.listeners().stream().filter(l -> wanted.contains(l.endpoint())).toList();
  }

  /** True if a disagreement was not seen often enough, so that another look decides. */
  public boolean wantsAnotherLook() {
    return open.size() > hidden.size();
  }

  /**
   * A later snapshot of fewer sources, completed with the hidden listeners that these sources do
   * not show and with the gaps of the sweep.
   */
  public Snapshot complete(Snapshot snapshot) {
    if (hidden.isEmpty() && swept.gaps().isEmpty()) {
      return snapshot;
    }
    Set<String> looked =
        snapshot.sources().stream().map(SourceReport::name).collect(Collectors.toSet());
    Set<Endpoint> missed =
        endpoints(hidden.stream().filter(d -> d.missedBy().containsAll(looked)).toList());
    return snapshot
        .and(listeners.stream().filter(l -> missed.contains(l.endpoint())).toList())
        .withGaps(swept.gaps());
  }
}
