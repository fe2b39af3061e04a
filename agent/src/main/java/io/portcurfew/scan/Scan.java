package io.portcurfew.scan;

import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.AlertKey;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Silences;
import io.portcurfew.config.ActiveBundle;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostEvents;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Policy;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One pass of the daemon: observe, judge, update the alerts, save them with their notifications,
 * count. Scans run one at a time. Read {@link #run} first.
 */
public final class Scan {

  private final Host host;
  private final CrossChecker crossChecker;
  private final AlertPipeline pipeline;
  private final Metrics metrics;
  private final Ticker ticker;
  private final HostEvents events;
  private final LastingSockets lastingSockets = new LastingSockets();
  private final RecentSightings recent = new RecentSightings();
  private final SightingPass sightings;
  private final FirstBundleGrace firstBundle = new FirstBundleGrace();

  /** Held while alerts change: by a scan, or between two scans by listeners of events. */
  private final Object turn = new Object();

  private @Nullable Judgement ofSnapshot;
  private @Nullable ActiveConfig observedFor;
  private volatile ActiveConfig active;
  private volatile @Nullable Result last;
  private volatile Duration lastBegan;
  private volatile @Nullable Instant failedAt;
  private volatile @Nullable String bundleProblem;
  private boolean stopped;

  /**
   * The result of a scan and what it was made from.
   *
   * @param compared the result of the cross-check at that time
   * @param active the config and policy at that time
   * @param conditions the findings about the agent itself
   */
  public record Result(
      JudgedSnapshot judged, CrossCheck compared, ActiveConfig active, List<Finding> conditions) {

    /** The time of the scan. */
    public Instant takenAt() {
      return judged.snapshot().takenAt();
    }
  }

  /**
   * Begins with the saved alerts.
   *
   * @param events are compared with each scan
   */
  public Scan(
      Host host,
      CrossChecker crossChecker,
      ActiveConfig active,
      AlertPipeline pipeline,
      HostEvents events,
      Metrics metrics,
      Ticker ticker) {
    this.host = host;
    this.events = events;
    this.sightings = new SightingPass(pipeline, recent, metrics, ticker);
    this.crossChecker = crossChecker;
    this.active = active;
    this.pipeline = pipeline;
    this.metrics = metrics;
    this.ticker = ticker;
    this.lastBegan = ticker.elapsed();
    lastingSockets.resume(unlisted(pipeline.alerts()), lastBegan);
    bundleProblem = EarlierConditions.bundleProblem(pipeline.alerts());
  }

  private static List<Endpoint> unlisted(Alerts alerts) {
    return alerts.open().keySet().stream()
        .filter(key -> key.kind() == FindingKind.UNLISTED)
        .map(AlertKey::endpoint)
        .filter(Objects::nonNull)
        .toList();
  }

  /** Runs one scan. */
  public void run(Instant now) throws InterruptedException {
    Duration start = ticker.elapsed();
    ActiveConfig by = active;
    observeFor(by);
    CrossCheck compared = crossChecker.latest();
    Snapshot looked =
        lastingSockets.mark(compared.complete(host.look(now)), events.clients(), start);
    synchronized (turn) {
      if (stopped) {
        // Its sources may have been closed meanwhile.
        throw new InterruptedException("the agent stops");
      }
      judgeAndUpdate(looked, compared, by, now, start);
    }
  }

  private void judgeAndUpdate(
      Snapshot looked, CrossCheck compared, ActiveConfig by, Instant now, Duration start) {
    List<Gap> lost = events.reconcile(looked.listeners(), start);
    sightings.scanned(looked.listeners(), start);
    List<Listener> opened = recent.openedSince(start);
    Snapshot snapshot = looked.and(opened).withGaps(lost);
    List<Finding> conditions = conditions(by, now, start);
    Judgement judgement =
        SightingPass.certain(judge(by, snapshot, compared, conditions), opened, looked);
    ofSnapshot = judgement;
    for (Finding brief : recent.lasting(judgement.findings(), ticker.elapsed())) {
      judgement = judgement.and(brief);
    }
    Silences silences = pipeline.silences(now);
    Duration repeatEvery = by.config().repeatEvery();
    // Not kept here: a database that opens late adds the alerts of an earlier run.
    AlertChanges changes =
        pipeline.alerts().update(judgement, snapshot, now, repeatEvery, silences);
    pipeline.process(snapshot, changes, by);
    JudgedSnapshot judged = new JudgedSnapshot(snapshot, judgement);
    lastBegan = start;
    last = new Result(judged, compared, by, conditions);
    metrics.scanInterval(interval(by));
    Alerts alerts = changes.after();
    metrics.scanned(judged, by.policy(), alerts.all(), ticker.since(start));
    metrics.alertsNotFollowed(alerts.notFollowed());
    metrics.silences(silences.active().size());
  }

  /** At most one finding is about files that were not loaded, because they have one alert. */
  private List<Finding> conditions(ActiveConfig by, Instant now, Duration start) {
    Alerts alerts = pipeline.alerts();
    List<Finding> conditions = pipeline.conditions(by.config().scan(), alerts);
    if (last == null) {
      conditions = EarlierConditions.and(conditions, alerts);
    }
    if (by.notLoaded() != null) {
      return conditions;
    }
    ActiveBundle bundle = by.loaded().bundle();
    String refusal = bundleProblem;
    if (firstBundle.covers(bundle, refusal, by.config().scan(), start)) {
      return conditions;
    }
    Optional<Finding> problem = BundleReport.finding(bundle, refusal, now);
    if (problem.isEmpty()) {
      return conditions;
    }
    List<Finding> all = new ArrayList<>(conditions);
    all.add(problem.get());
    return all;
  }

  /**
   * Judges listeners that events announced between two scans and updates their alerts alone.
   *
   * @return true if a scan should follow at once
   */
  public boolean sighted(EventBatch batch, Instant now) {
    synchronized (turn) {
      return !stopped && sightings.run(batch, host.snapshot(now, List.of()), active, now);
    }
  }

  private static Duration interval(ActiveConfig by) {
    return by.config().scan() instanceof ScanTimes.Every every ? every.interval() : Duration.ZERO;
  }

  /** Saves nothing from now on; waits for a scan that is being saved. */
  public void stop() {
    synchronized (turn) {
      stopped = true;
    }
  }

  /** The monotonic time since the last completed scan began, or since the start of the agent. */
  public Duration sinceLast() {
    return ticker.since(lastBegan);
  }

  /** Some facts about owners are expensive: the host looks only for those that the policy needs. */
  // The active config is one object until the next reload.
  @SuppressWarnings("ReferenceEquality")
  private void observeFor(ActiveConfig by) {
    if (by != observedFor) {
      host.ask(by.policy().asksFor());
      observedFor = by;
    }
  }

  /**
   * Judging is pure, so the last judgement stands as long as nothing changes and the day is the
   * same: rules expire at its end.
   */
  // The active config is one object until the next reload; comparing its rules would cost more.
  @SuppressWarnings("ReferenceEquality")
  private Judgement judge(
      ActiveConfig by, Snapshot snapshot, CrossCheck compared, List<Finding> conditions) {
    Result before = last;
    Judgement standing = ofSnapshot;
    if (before != null
        && standing != null
        && before.active() == by
        && before.compared().equals(compared)
        && before.conditions().equals(conditions)
        && Policy.day(before.takenAt()).equals(Policy.day(snapshot.takenAt()))
        && before.judged().snapshot().showsTheSameAs(snapshot)) {
      return standing;
    }
    Judgement judgement = by.judge(snapshot, compared);
    for (Finding condition : conditions) {
      judgement = judgement.and(condition);
    }
    return judgement;
  }

  /** The next scan uses this config and policy. */
  public void use(ActiveConfig next) {
    active = next;
  }

  /** The config and policy that the next scan uses. */
  public ActiveConfig active() {
    return active;
  }

  /** Notes why the policy bundle that was offered last is not accepted; {@code null} if it is. */
  public void bundleProblem(@Nullable String problem) {
    bundleProblem = problem;
  }

  /** The name of this host. */
  public String host() {
    return host.name().toString();
  }

  /** Notes that a scan failed. */
  public void failed(Instant at) {
    failedAt = at;
  }

  /** The result of the last completed scan; {@code null} before the first. */
  public @Nullable Result last() {
    return last;
  }

  /** The time of the last failed scan; {@code null} if none failed. */
  public @Nullable Instant failedAt() {
    return failedAt;
  }
}
