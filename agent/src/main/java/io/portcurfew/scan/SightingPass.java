package io.portcurfew.scan;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.AlertKey;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Judges listeners that events announced, without waiting for a scan, and updates their alerts
 * alone.
 */
final class SightingPass {

  /** The most owners of one endpoint that are reported one after the other; then a scan decides. */
  private static final int MOST_ROUNDS = 4;

  /**
   * The kinds of findings that are certain at once. Findings about the owner are left to the next
   * scan, because a process may hand its socket on, as systemd does.
   */
  private static final Set<FindingKind> CERTAIN =
      EnumSet.of(FindingKind.OPEN, FindingKind.UNLISTED, FindingKind.EXPOSED);

  private final AlertPipeline pipeline;
  private final RecentSightings recent;
  private final UndecidedSightings undecided = new UndecidedSightings();
  private final Metrics metrics;
  private final Ticker ticker;

  SightingPass(AlertPipeline pipeline, RecentSightings recent, Metrics metrics, Ticker ticker) {
    this.pipeline = pipeline;
    this.recent = recent;
    this.metrics = metrics;
    this.ticker = ticker;
  }

  /**
   * Runs it.
   *
   * @param host an empty snapshot of the host
   * @return true if a scan should follow at once
   */
  boolean run(EventBatch batch, Snapshot host, ActiveConfig by, Instant now) {
    boolean wantsScan = batch.wantsScan() || isAlertAt(batch.closed());
    recent.closed(batch.closed());
    List<Sighting> left = new ArrayList<>(undecided.ended(batch.ended(), ticker.elapsed(), now));
    List<Sighting> doubtful = new ArrayList<>();
    for (Sighting sighting : batch.sightings()) {
      (sighting.orElse() == null ? left : doubtful).add(sighting);
    }
    inDoubt(doubtful, host, by, now);
    for (int i = 0; i < MOST_ROUNDS && !left.isEmpty(); i++) {
      Map<Endpoint, Sighting> round = new LinkedHashMap<>();
      List<Sighting> others = new ArrayList<>();
      for (Sighting sighting : left) {
        if (round.putIfAbsent(sighting.listener().endpoint(), sighting) != null) {
          others.add(sighting);
        }
      }
      wantsScan |= round(round, host, by, now);
      left = others;
    }
    return wantsScan || !left.isEmpty();
  }

  /** A scan that began at this moment has seen these listeners. */
  void scanned(List<Listener> seen, Duration began) {
    undecided.scanned(seen, began);
  }

  private boolean isAlertAt(Set<Endpoint> closed) {
    return !closed.isEmpty()
        && pipeline.alerts().open().values().stream()
            .map(alert -> alert.finding().endpoint())
            .anyMatch(
                at -> at != null && closed.stream().anyMatch(one -> RecentSightings.isAt(at, one)));
  }

  /** Judges those that have closed and may have been listeners of the host. */
  private void inDoubt(List<Sighting> doubtful, Snapshot host, ActiveConfig by, Instant now) {
    Map<Endpoint, Sighting> all = new LinkedHashMap<>();
    Map<AlertKey, Finding> reported = new LinkedHashMap<>();
    for (Sighting sighting : doubtful) {
      Listener listener = sighting.listener();
      all.putIfAbsent(listener.endpoint(), sighting);
      for (Finding finding :
          Judge.inDoubt(by.policy(), host, listener, Objects.requireNonNull(sighting.orElse()))) {
        Finding counted =
            recent.add(finding, Objects.requireNonNull(sighting.brief()), ticker.elapsed());
        reported.put(AlertKey.of(counted), counted);
      }
    }
    if (!reported.isEmpty()) {
      Snapshot snapshot = host.with(all.values().stream().map(Sighting::listener).toList());
      Judgement judged = Judge.judgeListeners(by.policy(), snapshot);
      update(judged.with(List.copyOf(reported.values())), snapshot, all, by, now);
    }
  }

  private boolean round(
      Map<Endpoint, Sighting> round, Snapshot host, ActiveConfig by, Instant now) {
    Duration at = ticker.elapsed();
    List<Listener> listeners = round.values().stream().map(Sighting::listener).toList();
    Snapshot snapshot = host.with(listeners);
    round.values().stream()
        .filter(one -> one.brief() == null)
        .forEach(one -> recent.opened(one.listener(), at));
    Judgement judged = Judge.judgeListeners(by.policy(), snapshot);
    Map<AlertKey, Finding> reported = new LinkedHashMap<>();
    boolean wantsScan = false;
    for (Finding finding : judged.findings()) {
      Sighting sighting = finding.endpoint() == null ? null : round.get(finding.endpoint());
      BriefOpening brief = sighting == null ? null : sighting.brief();
      if (brief != null && isUndecidable(finding)) {
        continue;
      }
      if (brief != null) {
        Finding counted = recent.add(finding, brief, at);
        reported.put(AlertKey.of(counted), counted);
      } else if (isCertain(finding)) {
        recent.replaced(AlertKey.of(finding));
        reported.put(AlertKey.of(finding), finding);
      } else {
        wantsScan = true;
        if (sighting != null) {
          undecided.add(sighting);
        }
      }
    }
    if (!reported.isEmpty()) {
      update(judged.with(List.copyOf(reported.values())), snapshot, round, by, now);
    }
    return wantsScan;
  }

  /**
   * Leaves out what is not certain of listeners that opened while a scan looked and that it does
   * not show, and marks them as undecided: an event knows neither all owners nor the interfaces.
   *
   * @param looked the listeners of the scan
   */
  static Judgement certain(Judgement judgement, List<Listener> opened, Snapshot looked) {
    if (opened.isEmpty()) {
      return judgement;
    }
    Set<Endpoint> unseen = new HashSet<>();
    opened.forEach(one -> unseen.add(one.endpoint()));
    looked.listeners().forEach(one -> unseen.remove(one.endpoint()));
    List<Finding> certain =
        judgement.findings().stream()
            .filter(
                one -> one.endpoint() == null || !unseen.contains(one.endpoint()) || isCertain(one))
            .toList();
    return judgement.with(certain).undecided(unseen);
  }

  private static boolean isCertain(Finding finding) {
    return finding.kind() instanceof FindingKind kind && CERTAIN.contains(kind);
  }

  /**
   * True for a closed UDP socket of an unknown owner that a rule may select by its owner, as that
   * of a resolver which asks from random ports. No look can decide about it any more.
   */
  private static boolean isUndecidable(Finding finding) {
    Endpoint at = finding.endpoint();
    return finding.kind() == FindingKind.UNLISTED
        && finding.cause() != null
        && finding.owners().isEmpty()
        && at != null
        && at.protocol() == Protocol.UDP;
  }

  private void update(
      Judgement judgement,
      Snapshot snapshot,
      Map<Endpoint, Sighting> round,
      ActiveConfig by,
      Instant now) {
    AlertChanges changes =
        pipeline
            .alerts()
            .sighted(judgement, snapshot, now, by.config().repeatEvery(), pipeline.silences(now));
    if (changes.isEmpty()) {
      return;
    }
    pipeline.processSightings(snapshot.host().toString(), changes, by);
    Map<Endpoint, Duration> times = new HashMap<>();
    round.forEach((endpoint, sighting) -> times.put(endpoint, sighting.at()));
    for (Alert fired : changes.fired()) {
      Duration opened = times.get(fired.finding().endpoint());
      if (opened != null) {
        metrics.detected(ticker.since(opened));
      }
    }
  }
}
