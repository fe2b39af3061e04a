package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.FindingKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One look, and what it makes of a book of alerts. */
final class AlertUpdate {

  private static final Comparator<Finding> WORST_FIRST =
      Comparator.comparing(Finding::severity)
          .reversed()
          .thenComparing(AlertKey::of)
          .thenComparing(Finding::toString);

  private final List<Finding> worstFirst;
  private final Map<AlertKey, Finding> found = new HashMap<>();
  private final Set<String> takenIds = new HashSet<>();
  private final Map<AlertKey, NotificationState> lastLives = new HashMap<>();
  private final Alerts before;
  private final Snapshot snapshot;
  private final Instant now;
  private final AlertTransition step;
  private final Silences silences;

  AlertUpdate(
      Alerts before,
      Judgement judgement,
      Snapshot snapshot,
      Instant now,
      Duration repeatEvery,
      Silences silences) {
    this.worstFirst =
        judgement.findings().stream()
            .sorted(WORST_FIRST)
            .filter(finding -> found.putIfAbsent(AlertKey.of(finding), finding) == null)
            .toList();
    for (Alert alert : before.resolved()) {
      takenIds.add(alert.id());
      lastLives.put(alert.key(), alert.course());
    }
    this.before = before;
    this.snapshot = snapshot;
    this.now = now;
    this.step = new AlertTransition(now, repeatEvery);
    this.silences = silences;
  }

  AlertChanges changes() {
    Map<AlertKey, AlertTransition.Taken> taken = new HashMap<>();
    SortedMap<AlertKey, Alert> open = new TreeMap<>();
    List<Alert> over = new ArrayList<>();
    for (Alert alert : before.open().values()) {
      AlertTransition.Taken next = next(alert);
      if (next == null) {
        continue;
      }
      taken.put(alert.key(), next);
      if (next.alert().state() == AlertState.RESOLVED) {
        over.add(next.alert());
      } else {
        open.put(alert.key(), next.alert());
      }
    }
    int notFollowed = begin(open, taken);
    Alerts after = new Alerts(open, kept(over, open.size()), notFollowed);
    return new AlertChanges(after, told(taken), written(open, over), dropped(open, over));
  }

  /** What becomes of an open alert; {@code null} where it is gone and nobody was told of it. */
  private AlertTransition.@Nullable Taken next(Alert alert) {
    AlertTransition.Taken next = unsilenced(alert);
    boolean begins = alert.state() == AlertState.PENDING;
    return next == null ? null : silences.hold(next, begins, now).told();
  }

  private AlertTransition.@Nullable Taken unsilenced(Alert alert) {
    Finding finding = found.get(alert.key());
    if (finding != null) {
      return seenAgain(alert, finding);
    }
    boolean couldSee = covers(alert.key()) && !inDoubt(alert.key());
    if (!couldSee && alert.key().kind().needsALook()) {
      return new AlertTransition.Taken(alert, null);
    }
    return alert.state() == AlertState.PENDING ? null : step.gone(alert);
  }

  private AlertTransition.Taken seenAgain(Alert alert, Finding finding) {
    if (alert.state() == AlertState.FIRING) {
      return step.goesOn(alert, finding);
    }
    // Where the clock went back nobody was told this id yet, so the alert can hold from now on.
    return now.isBefore(alert.startsAt()) ? first(finding) : step.held(alert.with(finding));
  }

  /** Whether what the alert is about would have been seen. */
  private boolean covers(AlertKey key) {
    if (key.endpoint() != null) {
      return snapshot.covers(key.endpoint());
    }
    // Of all namespaces nothing is asked: where one of them is not seen there is a finding of it.
    return key.namespace() == null
        ? key.kind() == FindingKind.BLIND || snapshot.complete()
        : snapshot.covers(EnumSet.allOf(Protocol.class), key.namespace());
  }

  /** Whether this look, though it covers the place, was blind to what the alert is about. */
  private boolean inDoubt(AlertKey key) {
    return switch (key.kind()) {
      case BLIND -> false;
      case WRONG_OWNER ->
          isBlindTo(key) || isFound(key.rule(), FindingKind.OWNER_UNKNOWN, key.endpoint());
      default -> isBlindTo(key);
    };
  }

  private boolean isBlindTo(AlertKey key) {
    return isFound(key.rule(), FindingKind.BLIND, key.endpoint())
        || isFound(key.rule(), FindingKind.BLIND, null);
  }

  private boolean isFound(String rule, FindingKind kind, @Nullable Endpoint endpoint) {
    return found.containsKey(new AlertKey(rule, kind, endpoint));
  }

  /** Adds what was not followed before; gives how many found no place. */
  private int begin(SortedMap<AlertKey, Alert> open, Map<AlertKey, AlertTransition.Taken> taken) {
    int notFollowed = 0;
    for (Finding finding : worstFirst) {
      AlertKey key = AlertKey.of(finding);
      if (open.containsKey(key)) {
        continue;
      }
      if (open.size() < Alerts.placesFor(finding.severity())) {
        AlertTransition.Taken first = silences.hold(first(finding), true, now).told();
        open.put(key, first.alert());
        taken.put(key, first);
      } else {
        notFollowed++;
      }
    }
    return notFollowed;
  }

  private AlertTransition.Taken first(Finding finding) {
    NotificationState last = lastLives.getOrDefault(AlertKey.of(finding), NotificationState.NEW);
    Alert alert = new Alert(freeId(finding), AlertState.PENDING, finding, now, null, last.next());
    return step.held(alert);
  }

  /** An alert that begins again at the very instant that another life of it began needs another. */
  private String freeId(Finding finding) {
    Endpoint endpoint = finding.endpoint();
    String id = snapshot.host().toString();
    do {
      id =
          StableId.of(
              id,
              finding.rule(),
              finding.kind().label(),
              endpoint != null
                  ? endpoint.toString()
                  : Objects.requireNonNullElse(finding.namespace(), ""),
              now.toString());
    } while (takenIds.contains(id));
    return id;
  }

  private List<AlertChanges.Change> told(Map<AlertKey, AlertTransition.Taken> taken) {
    Stream<AlertTransition.Taken> there =
        worstFirst.stream().map(AlertKey::of).filter(taken::containsKey).map(taken::get);
    Stream<AlertTransition.Taken> gone =
        before.open().keySet().stream()
            .filter(key -> !found.containsKey(key) && taken.containsKey(key))
            .map(taken::get);
    List<AlertChanges.Change> told = new ArrayList<>();
    Stream.concat(there, gone)
        .forEach(
            next -> {
              Reason reason = next.reason();
              if (reason != null) {
                told.add(new AlertChanges.Change(next.alert(), reason));
              }
            });
    return told;
  }

  /** The latest words alone are not worth a write: the next look after a restart has them too. */
  private List<Alert> written(SortedMap<AlertKey, Alert> open, List<Alert> over) {
    return Stream.concat(open.values().stream().filter(this::standsOtherwise), over.stream())
        .toList();
  }

  private boolean standsOtherwise(Alert alert) {
    Alert was = before.open().get(alert.key());
    return was == null
        || !was.id().equals(alert.id())
        || was.state() != alert.state()
        || !was.course().equals(alert.course());
  }

  private List<String> dropped(SortedMap<AlertKey, Alert> open, List<Alert> over) {
    Set<String> there = new HashSet<>();
    open.values().forEach(alert -> there.add(alert.id()));
    over.forEach(alert -> there.add(alert.id()));
    return before.open().values().stream()
        .map(Alert::id)
        .filter(id -> !there.contains(id))
        .toList();
  }

  /** The resolved alerts that are still to be shown and for which there is room. */
  private List<Alert> kept(List<Alert> over, int open) {
    List<Alert> kept =
        Stream.concat(before.resolved().stream(), over.stream()).filter(this::isRecent).toList();
    return kept.subList(Math.max(0, kept.size() - (Alerts.MOST - open)), kept.size());
  }

  private boolean isRecent(Alert alert) {
    Instant endsAt = alert.endsAt();
    // Also where the clock went back: an end that lies far ahead would never grow old.
    return endsAt != null && Duration.between(endsAt, now).abs().compareTo(Alerts.KEPT) <= 0;
  }
}
