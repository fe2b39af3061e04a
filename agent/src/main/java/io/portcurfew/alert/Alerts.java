package io.portcurfew.alert;

import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The book of all alerts between two looks. It never changes; {@link #update} gives the next one.
 *
 * <p>It holds at most {@link #MOST} alerts. Resolved ones make room for open ones, the oldest
 * first, and the last {@link #FOR_CRITICAL} places are kept for critical ones, so that a flood of
 * lesser findings does not hide one that matters. What finds no place is counted, and followed from
 * the first look that has a place for it.
 *
 * @param open the pending and firing alerts
 * @param resolved the alerts that were over in the last {@link #KEPT}, the latest last
 * @param notFollowed how many findings of the last look found no place
 */
public record Alerts(SortedMap<AlertKey, Alert> open, List<Alert> resolved, int notFollowed) {

  /** The most alerts that are followed or kept. */
  public static final int MOST = 12_000;

  /** How many of the places only critical alerts may take. */
  public static final int FOR_CRITICAL = 1_000;

  /** How long a resolved alert is kept to be shown. */
  public static final Duration KEPT = Duration.ofMinutes(15);

  /** The book of an agent that has not looked yet. */
  public static final Alerts NONE = new Alerts(new TreeMap<>(), List.of(), 0);

  public Alerts {
    open = Collections.unmodifiableSortedMap(new TreeMap<>(open));
    resolved = List.copyOf(resolved);
  }

  /**
   * Follows the findings of one look. The same input gives the same answer, ids included, whatever
   * the order of the findings.
   *
   * <p>An alert is pending until its finding was seen again after {@code holdFor}, then it fires; a
   * finding that need not hold fires at once. A firing alert takes the latest words of its finding,
   * which tells nobody anything unless {@linkplain OwnerIdentity another program} holds the
   * listener; it is told again after {@code repeatEvery}. An alert is over when its finding is gone
   * and the look could have seen it: never on an incomplete snapshot, not even a {@code missing}
   * one whose endpoint shows in it, since half a look is no ground for an all-clear; not while the
   * same rule is blind to the endpoint; and a {@code wrong-owner} not while the owner is unknown.
   * What {@linkplain io.portcurfew.policy.FindingKind#needsALook needs no look} is over as soon as
   * its finding is gone. A pending alert that is over was never told and is dropped. One that
   * changes more than {@link NotificationState#MOST} times within {@link NotificationState#WINDOW},
   * over several lives, is told as flapping, once; from then on it is over only after that time
   * without its finding.
   *
   * @param judgement what the policy says of the snapshot
   * @param now the time of the look. Where it is before that of the look before, no alert ends
   *     before it began, and what is pending holds from now on
   * @param repeatEvery how long after people were last told of a firing alert they are told again
   * @param silences what is not to be told now
   */
  public AlertChanges update(
      Judgement judgement,
      Snapshot snapshot,
      Instant now,
      Duration repeatEvery,
      Silences silences) {
    return new AlertUpdate(this, judgement, snapshot, now, repeatEvery, silences).changes();
  }

  /** The same where nothing is silenced. */
  public AlertChanges update(
      Judgement judgement, Snapshot snapshot, Instant now, Duration repeatEvery) {
    return update(judgement, snapshot, now, repeatEvery, Silences.NONE);
  }

  /** All alerts: the open ones in order of key, then the resolved ones. */
  public List<Alert> all() {
    return Stream.concat(open.values().stream(), resolved.stream()).toList();
  }

  static int placesFor(Severity severity) {
    return severity == Severity.CRITICAL ? MOST : MOST - FOR_CRITICAL;
  }
}
