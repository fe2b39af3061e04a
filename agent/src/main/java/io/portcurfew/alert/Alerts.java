package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All alerts between two scans. Immutable; {@link #update} returns the next state.
 *
 * <p>It holds at most {@link #MOST} alerts. Resolved alerts make room for open ones, the oldest
 * first, and the last {@link #FOR_CRITICAL} places are kept for critical ones, so that a flood of
 * lesser findings cannot hide a critical one. Once it is full, a new alert takes the place of one
 * of the largest {@link AlertGroup}, so that the decoys of one program cannot hide another; one of
 * the host takes that of another namespace. A finding without a place is counted, and followed from
 * the first scan that has a place for it.
 *
 * @param open the pending and firing alerts
 * @param resolved the alerts that ended within the last {@link #KEPT}, the latest last
 * @param notFollowed the number of findings of the last scan without a place
 * @param worstNotFollowed the worst of them, one of each {@link AlertGroup}
 */
public record Alerts(
    SortedMap<AlertKey, Alert> open,
    List<Alert> resolved,
    int notFollowed,
    List<Finding> worstNotFollowed) {

  /** The maximum of named findings without a place. */
  static final int MOST_NAMED = 20;

  /** The maximum of open and resolved alerts together. */
  public static final int MOST = 12_000;

  /** The number of places reserved for critical alerts. */
  public static final int FOR_CRITICAL = 1_000;

  /** The time for which a resolved alert stays visible. */
  public static final Duration KEPT = Duration.ofMinutes(15);

  /** No alerts, before the first scan. */
  public static final Alerts NONE = new Alerts(new TreeMap<>(), List.of(), 0);

  public Alerts {
    open = Collections.unmodifiableSortedMap(new TreeMap<>(open));
    resolved = List.copyOf(resolved);
    worstNotFollowed = List.copyOf(worstNotFollowed);
  }

  /** Alerts without a name for any finding that has no place. */
  public Alerts(SortedMap<AlertKey, Alert> open, List<Alert> resolved, int notFollowed) {
    this(open, resolved, notFollowed, List.of());
  }

  /**
   * Applies the findings of one scan. The same input gives the same result, ids included, in any
   * order of the findings.
   *
   * <p>An alert is pending until its finding was seen again after {@code holdFor}, then it fires;
   * without {@code holdFor} it fires at once. A firing alert takes the latest message of its
   * finding, which causes no notification unless {@linkplain OwnerIdentity another program} owns
   * the listener; the notification is repeated after {@code repeatEvery}. An alert is over when its
   * finding is gone and the scan could have seen it. It is never over on an incomplete snapshot
   * (not even a {@code missing} alert whose endpoint is in it), nor while the same rule is blind to
   * the endpoint; a {@code wrong-owner} alert is not over while the owner is unknown. A condition
   * of the agent ({@link io.portcurfew.policy.AgentCondition}) is over as soon as its finding is
   * gone. A pending alert whose finding is gone keeps the time for which it was seen, less a third
   * of the pause, and is dropped once nothing is left of it. An alert that changes more than {@link
   * NotificationState#MOST} times within {@link NotificationState#WINDOW}, over several lives, is
   * notified once as flapping; from then on it is over only after that time without its finding.
   *
   * @param judgement the verdict of the policy on the snapshot
   * @param now the time of the scan. If it is before that of the previous scan, no alert ends
   *     before it started, and a pending alert holds from now on
   * @param repeatEvery the time between two notifications of an alert that goes on firing
   * @param silences the silences that are active now
   */
  public AlertChanges update(
      Judgement judgement,
      Snapshot snapshot,
      Instant now,
      Duration repeatEvery,
      Silences silences) {
    if (areNone() && judgement.findings().isEmpty()) {
      return new AlertChanges(this, List.of(), List.of(), List.of());
    }
    return new AlertUpdate(this, judgement, snapshot, now, repeatEvery, silences).changes();
  }

  /** Not by equals, which Java's quick compiler runs by a chain of method handles. */
  private boolean areNone() {
    return open.isEmpty() && resolved.isEmpty() && notFollowed == 0 && worstNotFollowed.isEmpty();
  }

  /**
   * Applies findings about single listeners between two scans. Every other alert stays as it is: it
   * was not looked for.
   *
   * @param snapshot the listeners that were looked at
   */
  public AlertChanges sighted(
      Judgement judgement,
      Snapshot snapshot,
      Instant now,
      Duration repeatEvery,
      Silences silences) {
    return AlertUpdate.ofSightings(this, judgement, snapshot, now, repeatEvery, silences).changes();
  }

  /** Applies the findings of one scan without silences. */
  public AlertChanges update(
      Judgement judgement, Snapshot snapshot, Instant now, Duration repeatEvery) {
    return update(judgement, snapshot, now, repeatEvery, Silences.NONE);
  }

  /**
   * These alerts after the alerts of an earlier run became known late.
   *
   * @param alerts all of them; an alert of the earlier run keeps its id
   * @param replaced the resolved copies of alerts that are followed under an earlier id from now on
   *     and were notified under their own
   */
  public record Continued(Alerts alerts, List<Alert> replaced) {}

  /** Continues the alerts of an earlier run that could not be read at the start. */
  public Continued continuing(Alerts earlier, Instant now) {
    SortedMap<AlertKey, Alert> all = new TreeMap<>(earlier.open);
    List<Alert> replaced = new ArrayList<>();
    open.forEach(
        (key, alert) -> {
          Alert before = earlier.open.get(key);
          if (before == null || before.state().compareTo(alert.state()) < 0) {
            all.put(key, alert);
          } else {
            all.put(key, before.with(alert.finding()));
            if (alert.wasNotified()) {
              replaced.add(alert.replacedBy(before.id(), now));
            }
          }
        });
    List<Alert> over = Stream.concat(earlier.resolved.stream(), resolved.stream()).toList();
    return new Continued(new Alerts(all, over, notFollowed, worstNotFollowed), replaced);
  }

  /** All alerts: the open ones in order of key, then the resolved ones. */
  public List<Alert> all() {
    if (open.isEmpty()) {
      return resolved;
    }
    return Stream.concat(open.values().stream(), resolved.stream()).toList();
  }

  static int placesFor(Severity severity) {
    return severity == Severity.CRITICAL ? MOST : MOST - FOR_CRITICAL;
  }
}
