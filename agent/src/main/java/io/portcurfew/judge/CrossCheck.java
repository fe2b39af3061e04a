package io.portcurfew.judge;

import static io.portcurfew.judge.HiddenCheck.COMPARISON;
import static io.portcurfew.judge.HiddenCheck.SWEEP;

import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.observe.SweepResult;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The result of comparing all sources. A socket that opens or closes between two sources makes them
 * differ once; a listener is hidden only if the same source misses it in two comparisons in a row.
 *
 * @param open the disagreements of the last comparison
 * @param hidden the disagreements in which a source missed the listener for the second time
 * @param listeners the hidden listeners, as they were last seen
 * @param swept the ports that were taken in the last sweep although no source shows a listener
 * @param awaited the checks without a result since the start: what they found before is in doubt
 */
public record CrossCheck(
    List<Disagreement> open,
    List<Disagreement> hidden,
    List<Listener> listeners,
    SweepResult swept,
    Set<HiddenCheck> awaited) {

  public CrossCheck {
    awaited = Set.copyOf(awaited);
  }

  /** No comparison yet. */
  public static final CrossCheck NONE =
      new CrossCheck(
          List.of(), List.of(), List.of(), SweepResult.NOTHING, EnumSet.allOf(HiddenCheck.class));

  /**
   * The result after another snapshot, which began after the last one ended. A snapshot with fewer
   * than two complete sources changes nothing.
   */
  public CrossCheck after(Snapshot snapshot) {
    if (snapshot.completeSources() < 2) {
      return this;
    }
    List<Disagreement> now = snapshot.disagreements();
    Map<Endpoint, Set<String>> before =
        open.stream().collect(Collectors.toMap(Disagreement::endpoint, Disagreement::missedBy));
    List<Disagreement> again = now.stream().filter(d -> isMissedAgain(d, before)).toList();
    // The first comparison alone cannot decide where sources disagree.
    boolean decided = open.size() + hidden.size() > 0 || now.isEmpty() || !awaits(COMPARISON);
    return new CrossCheck(
        now,
        again,
        listeners(snapshot, endpoints(again)),
        swept,
        decided ? without(COMPARISON) : awaited);
  }

  private boolean awaits(HiddenCheck check) {
    return awaited.contains(check);
  }

  private Set<HiddenCheck> without(HiddenCheck check) {
    return awaited.stream().filter(one -> one != check).collect(Collectors.toSet());
  }

  private static boolean isMissedAgain(Disagreement now, Map<Endpoint, Set<String>> before) {
    return !Collections.disjoint(now.missedBy(), before.getOrDefault(now.endpoint(), Set.of()));
  }

  /** The same with the result of the latest sweep; a sweep that could not begin decides nothing. */
  public CrossCheck swept(SweepResult latest) {
    boolean decided = latest.tried() > 0 || latest.equals(SweepResult.NOTHING);
    Set<HiddenCheck> others = without(SWEEP);
    if (!decided) {
      others.add(SWEEP);
    }
    return new CrossCheck(open, hidden, listeners, latest, others);
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

  /** True if a disagreement was seen only once, so a second look decides. */
  public boolean wantsAnotherLook() {
    return open.size() > hidden.size();
  }

  /**
   * A later snapshot of fewer sources, completed with the hidden listeners that these sources do
   * not show and with the gaps of the sweep.
   */
  public Snapshot complete(Snapshot snapshot) {
    Set<String> looked =
        snapshot.sources().stream().map(SourceReport::name).collect(Collectors.toSet());
    Set<Endpoint> missed =
        endpoints(hidden.stream().filter(d -> d.missedBy().containsAll(looked)).toList());
    return snapshot
        .and(listeners.stream().filter(l -> missed.contains(l.endpoint())).toList())
        .withGaps(swept.gaps());
  }
}
