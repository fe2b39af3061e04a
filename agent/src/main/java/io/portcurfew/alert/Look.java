package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Kind;
import io.portcurfew.judge.Policy;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Snapshot;
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

/** One look, and what it makes of a book of alerts. */
final class Look {

  private static final Comparator<Finding> WORST_FIRST =
      Comparator.comparing(Finding::severity)
          .reversed()
          .thenComparing(AlertKey::of)
          .thenComparing(Finding::toString);

  private final List<Finding> worstFirst;
  private final Map<AlertKey, Finding> found = new HashMap<>();
  private final Set<String> takenIds = new HashSet<>();
  private final Alerts before;
  private final Snapshot snapshot;
  private final Instant now;

  Look(Alerts before, Judgement judgement, Snapshot snapshot, Instant now) {
    this.worstFirst =
        judgement.findings().stream()
            .sorted(WORST_FIRST)
            .filter(finding -> found.putIfAbsent(AlertKey.of(finding), finding) == null)
            .toList();
    before.resolved().forEach(alert -> takenIds.add(alert.id()));
    this.before = before;
    this.snapshot = snapshot;
    this.now = now;
  }

  Changes changes() {
    SortedMap<AlertKey, Alert> open = new TreeMap<>();
    List<Alert> over = new ArrayList<>();
    for (Alert alert : before.open().values()) {
      Alert next = next(alert);
      if (next.state() != AlertState.RESOLVED) {
        open.put(next.key(), next);
      } else if (alert.state() == AlertState.FIRING) {
        over.add(next);
      }
    }
    int notFollowed = begin(open);
    Alerts after = new Alerts(open, kept(over, open.size()), notFollowed);
    return new Changes(after, fired(open), over);
  }

  private Alert next(Alert alert) {
    Finding finding = found.get(alert.key());
    if (finding != null) {
      return seenAgain(alert, finding);
    }
    boolean couldSee = snapshot.complete() && !inDoubt(alert.key());
    return couldSee || !alert.key().kind().needsALook() ? over(alert) : alert;
  }

  private Alert seenAgain(Alert alert, Finding finding) {
    boolean pending = alert.state() == AlertState.PENDING;
    if (pending && now.isBefore(alert.startsAt())) {
      // The clock went back. Nobody was told this id yet, so the alert can hold from now on.
      return first(finding);
    }
    AlertState state = pending ? state(finding, alert.startsAt()) : alert.state();
    return new Alert(alert.id(), state, finding, alert.startsAt(), null);
  }

  private AlertState state(Finding finding, Instant startsAt) {
    boolean held = Duration.between(startsAt, now).compareTo(finding.holdFor()) >= 0;
    return held ? AlertState.FIRING : AlertState.PENDING;
  }

  /** Whether this look, though complete, was blind to what the alert is about. */
  private boolean inDoubt(AlertKey key) {
    return switch (key.kind()) {
      case BLIND -> false;
      case WRONG_OWNER -> isBlindTo(key) || isFound(key.rule(), Kind.OWNER_UNKNOWN, key.endpoint());
      default -> isBlindTo(key);
    };
  }

  private boolean isBlindTo(AlertKey key) {
    return isFound(key.rule(), Kind.BLIND, key.endpoint())
        || isFound(key.rule(), Kind.BLIND, null)
        || isFound(Policy.DEFAULT, Kind.BLIND, null);
  }

  private boolean isFound(String rule, Kind kind, @Nullable Endpoint endpoint) {
    return found.containsKey(new AlertKey(rule, kind, endpoint));
  }

  private Alert over(Alert alert) {
    Instant endsAt = now.isBefore(alert.startsAt()) ? alert.startsAt() : now;
    return new Alert(alert.id(), AlertState.RESOLVED, alert.finding(), alert.startsAt(), endsAt);
  }

  /** Adds what was not followed before; gives how many found no place. */
  private int begin(SortedMap<AlertKey, Alert> open) {
    int notFollowed = 0;
    for (Finding finding : worstFirst) {
      AlertKey key = AlertKey.of(finding);
      if (open.containsKey(key)) {
        continue;
      }
      if (open.size() < Alerts.placesFor(finding.severity())) {
        open.put(key, first(finding));
      } else {
        notFollowed++;
      }
    }
    return notFollowed;
  }

  private Alert first(Finding finding) {
    return new Alert(freeId(finding), state(finding, now), finding, now, null);
  }

  /** An alert that begins again at the very instant that another life of it began needs another. */
  private String freeId(Finding finding) {
    String host = snapshot.host().toString();
    Endpoint endpoint = finding.endpoint();
    String id = host;
    do {
      id =
          StableId.of(
              id,
              finding.rule(),
              finding.kind().label(),
              endpoint == null ? "" : endpoint.toString(),
              now.toString());
    } while (takenIds.contains(id));
    return id;
  }

  private List<Alert> fired(SortedMap<AlertKey, Alert> open) {
    return worstFirst.stream()
        .map(finding -> open.get(AlertKey.of(finding)))
        .filter(alert -> alert != null && alert.state() == AlertState.FIRING)
        .filter(alert -> !isFiring(before.open().get(alert.key())))
        .toList();
  }

  private static boolean isFiring(@Nullable Alert alert) {
    return alert != null && alert.state() == AlertState.FIRING;
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
