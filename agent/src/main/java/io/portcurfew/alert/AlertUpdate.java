package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AgentCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Applies one scan to the alerts. */
final class AlertUpdate {

  private static final Comparator<Finding> WORST_FIRST =
      Comparator.comparing(Finding::severity)
          .reversed()
          .thenComparing(AlertKey::of)
          .thenComparing(Finding::toString);

  private static final Comparator<Finding> HOST_FIRST =
      Comparator.comparing(Finding::severity)
          .thenComparing(finding -> AlertGroup.of(finding).isOfHost())
          .reversed();

  private final List<Finding> worstFirst;
  private final Map<AlertKey, Finding> found = new HashMap<>();
  private final Set<String> takenIds = new HashSet<>();
  private final Map<AlertKey, NotificationState> lastLives = new HashMap<>();
  private final AlertCoverage coverage;
  private final AlertResolution resolution;
  private final Alerts before;
  private final Snapshot snapshot;
  private final Instant now;
  private final AlertTransition transition;
  private final Silences silences;
  private final boolean sightingsOnly;

  AlertUpdate(
      Alerts before,
      Judgement judgement,
      Snapshot snapshot,
      Instant now,
      Duration repeatEvery,
      Silences silences) {
    this(before, judgement, snapshot, now, repeatEvery, silences, false);
  }

  /** Applies single listeners, so the finding of no other alert is gone. */
  static AlertUpdate ofSightings(
      Alerts before,
      Judgement judgement,
      Snapshot snapshot,
      Instant now,
      Duration repeatEvery,
      Silences silences) {
    return new AlertUpdate(before, judgement, snapshot, now, repeatEvery, silences, true);
  }

  private AlertUpdate(
      Alerts before,
      Judgement judgement,
      Snapshot snapshot,
      Instant now,
      Duration repeatEvery,
      Silences silences,
      boolean sightingsOnly) {
    this.worstFirst =
        judgement.findings().stream()
            .sorted(WORST_FIRST)
            .filter(finding -> found.putIfAbsent(AlertKey.of(finding), finding) == null)
            .toList();
    for (Alert alert : before.resolved()) {
      takenIds.add(alert.id());
      lastLives.put(alert.key(), alert.notificationState());
    }
    this.coverage = new AlertCoverage(before, snapshot, found, judgement);
    this.resolution = new AlertResolution(snapshot, judgement.compliance().keySet(), now);
    this.before = before;
    this.snapshot = snapshot;
    this.now = now;
    this.transition = new AlertTransition(now, repeatEvery);
    this.silences = silences;
    this.sightingsOnly = sightingsOnly;
  }

  AlertChanges changes() {
    Map<AlertKey, AlertTransition.Transition> transitions = new HashMap<>();
    SortedMap<AlertKey, Alert> open = new TreeMap<>();
    List<Alert> over = new ArrayList<>();
    for (Alert alert : before.open().values()) {
      AlertTransition.Transition next = next(alert);
      if (next == null) {
        continue;
      }
      transitions.put(alert.key(), next);
      if (next.alert().state() == AlertState.RESOLVED) {
        over.add(next.alert());
      } else {
        open.put(alert.key(), next.alert());
      }
    }
    AlertPlaces places = addNew(open, transitions);
    boolean replaces = !sightingsOnly || places.notFollowed() > before.notFollowed();
    Alerts after =
        new Alerts(
            open,
            kept(over, open.size()),
            replaces ? places.notFollowed() : before.notFollowed(),
            replaces ? places.leftOut() : before.worstNotFollowed());
    return new AlertChanges(after, toNotify(transitions), toSave(open, over), dropped(open, over));
  }

  /** The open alert after the scan; {@code null} if it is gone and nobody was notified of it. */
  private AlertTransition.@Nullable Transition next(Alert alert) {
    AlertTransition.Transition next = unsilenced(alert);
    boolean starts = alert.state() == AlertState.PENDING;
    return next == null ? null : silences.hold(next, starts, now).notified();
  }

  private AlertTransition.@Nullable Transition unsilenced(Alert alert) {
    Finding finding = found.get(alert.key());
    if (finding != null) {
      return seenAgain(alert, finding);
    }
    if (sightingsOnly) {
      return new AlertTransition.Transition(alert, null);
    }
    if (!coverage.provesGone(alert) && alert.key().kind().isAboutHost()) {
      return new AlertTransition.Transition(alert, null);
    }
    return alert.state() == AlertState.PENDING
        ? transition.pendingGone(alert)
        : resolution.of(alert);
  }

  private AlertTransition.Transition seenAgain(Alert alert, Finding finding) {
    if (alert.state() == AlertState.FIRING) {
      return transition.firing(alert, finding);
    }
    // If the clock went back, no notification has used this id yet: the alert can start again now.
    return now.isBefore(alert.startsAt())
        ? first(finding)
        : transition.pending(alert.with(finding));
  }

  /** Adds the new findings, those of the host first among equally bad ones. */
  private AlertPlaces addNew(
      SortedMap<AlertKey, Alert> open, Map<AlertKey, AlertTransition.Transition> transitions) {
    AlertPlaces places = new AlertPlaces(open);
    worstFirst.stream()
        .filter(finding -> !open.containsKey(AlertKey.of(finding)))
        .sorted(HOST_FIRST)
        .toList()
        .forEach(
            finding -> {
              AlertTransition.Transition first =
                  silences.hold(first(finding), true, now).notified();
              transitions.put(first.alert().key(), first);
              Alert loser = places.add(first.alert());
              if (loser != null) {
                transitions.remove(loser.key());
              }
            });
    return places;
  }

  private AlertTransition.Transition first(Finding finding) {
    NotificationState last = lastLives.getOrDefault(AlertKey.of(finding), NotificationState.NEW);
    Alert alert = new Alert(freeId(finding), AlertState.PENDING, finding, now, null, last.next());
    return transition.pending(alert);
  }

  /** An alert that starts again at the very instant of its earlier start needs another id. */
  private String freeId(Finding finding) {
    String id = snapshot.host().toString();
    do {
      id = StableId.of(id, finding.rule(), finding.kind().label(), finding.place(), now.toString());
    } while (takenIds.contains(id));
    return id;
  }

  private List<AlertChanges.Change> toNotify(
      Map<AlertKey, AlertTransition.Transition> transitions) {
    Stream<AlertTransition.Transition> seen =
        worstFirst.stream()
            .map(AlertKey::of)
            .filter(transitions::containsKey)
            .map(transitions::get);
    Stream<AlertTransition.Transition> gone =
        before.open().keySet().stream()
            .filter(key -> !found.containsKey(key) && transitions.containsKey(key))
            .map(transitions::get);
    List<AlertChanges.Change> changes = new ArrayList<>();
    Stream.concat(seen, gone)
        .forEach(
            next -> {
              Reason reason = next.reason();
              if (reason != null) {
                changes.add(new AlertChanges.Change(next.alert(), reason));
              }
            });
    return changes;
  }

  /**
   * A new message alone is not worth a write: the next scan after a restart has it too. But the
   * reason why a policy is refused seldom changes, and commands read it from the database.
   */
  private List<Alert> toSave(SortedMap<AlertKey, Alert> open, List<Alert> over) {
    return Stream.concat(open.values().stream().filter(this::isChanged), over.stream()).toList();
  }

  private boolean isChanged(Alert alert) {
    Alert earlier = before.open().get(alert.key());
    return earlier == null
        || !earlier.id().equals(alert.id())
        || earlier.state() != alert.state()
        || !earlier.notificationState().equals(alert.notificationState())
        || (alert.key().kind() == AgentCondition.POLICY_NOT_LOADED
            && !earlier.finding().message().equals(alert.finding().message()));
  }

  private List<String> dropped(SortedMap<AlertKey, Alert> open, List<Alert> over) {
    Set<String> seen = new HashSet<>();
    open.values().forEach(alert -> seen.add(alert.id()));
    over.forEach(alert -> seen.add(alert.id()));
    return before.open().values().stream().map(Alert::id).filter(id -> !seen.contains(id)).toList();
  }

  /** The resolved alerts that are recent and have a place. */
  private List<Alert> kept(List<Alert> over, int open) {
    List<Alert> kept =
        Stream.concat(before.resolved().stream(), over.stream()).filter(this::isRecent).toList();
    return kept.subList(Math.max(0, kept.size() - (Alerts.MOST - open)), kept.size());
  }

  private boolean isRecent(Alert alert) {
    Instant endsAt = alert.endsAt();
    // Absolute, since after a step back of the clock an end far ahead would never grow old.
    return endsAt != null && Duration.between(endsAt, now).abs().compareTo(Alerts.KEPT) <= 0;
  }
}
