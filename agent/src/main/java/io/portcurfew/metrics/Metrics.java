package io.portcurfew.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.portcurfew.alert.Alert;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.OutboxState;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.policy.Policy;
import io.portcurfew.store.StoreState;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every metric for Prometheus. Label values come from the policy, the config and fixed sets only,
 * never from the host, so nothing that happens on the host adds a series. The head of the history
 * is one series a day.
 *
 * <p>Safe for use by several threads; a scrape sees all of a scan or nothing of it.
 */
public final class Metrics {

  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry;
  private final ScanMeters scans;
  private final StateGauges states;
  private final ReceiverMeters receivers;
  private final HeartbeatMeters heartbeats;
  private final BundleMeters bundles;
  private final ListenerSeries listeners;
  private final Histogram detection;
  private final EventMeters events;
  private final GaugeFamily configLoaded;
  private final GaugeFamily policy;
  private final Counter webGivenUp;
  private final HistoryMeters history;
  private final StoreMeters store;

  /**
   * Registers every metric that has a value before the first scan.
   *
   * @param version the version of the agent
   */
  public Metrics(String version) {
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.throwExceptionOnRegistrationFailure();
    GaugeFamily build =
        new GaugeFamily(registry, "portcurfew.build.info", "The agent and its Java; always 1.");
    Tags what = Tags.of("version", version, "java_version", Runtime.version().toString());
    build.set(new GaugeFamily.Values().put(what, 1));
    scans = new ScanMeters(registry);
    states = new StateGauges(registry);
    receivers = new ReceiverMeters(registry);
    heartbeats = new HeartbeatMeters(registry);
    bundles = new BundleMeters(registry);
    listeners = new ListenerSeries(registry);
    // Micrometer's own timer would add a decaying _max gauge beside the histogram.
    detection =
        Histogram.builder()
            .name("portcurfew_detection_seconds")
            .help("Time from the opening of a listener, by its event, to its alert.")
            .withoutExemplars()
            .classicOnly()
            .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
            .register(registry.getPrometheusRegistry());
    events = new EventMeters(registry);
    webGivenUp =
        Counter.builder("portcurfew_web_requests_given_up_total")
            .description("Web requests cut off because too many clients were slow at once.")
            .register(registry);
    store = new StoreMeters(registry);
    history = new HistoryMeters(registry);
    configLoaded =
        new GaugeFamily(
            registry,
            "portcurfew_config_last_reload_successful",
            "1 if the last load of config and policy succeeded, else 0.");
    policy = new GaugeFamily(registry, "portcurfew.policy.info", "The active policy; always 1.");
  }

  /**
   * Records a completed scan. It counts as complete if every listener was seen and every rule could
   * be tested, else as partial.
   *
   * @param alerts all alerts, in any state
   * @param took the duration of the scan
   */
  public synchronized void scanned(
      JudgedSnapshot judged, Policy policy, Collection<Alert> alerts, Duration took) {
    Snapshot snapshot = judged.snapshot();
    String outcome = judged.isComplete() ? ScanMeters.COMPLETE : ScanMeters.PARTIAL;
    scans.ended(outcome, snapshot.takenAt());
    history.day(Policy.day(snapshot.takenAt()));
    scans.sources(snapshot.sources());
    states.judged(judged, policy);
    listeners.judged(judged);
    states.alerts(alerts);
    scans.took(took);
  }

  /** Times of scans are exported in steps of this interval; zero is exactly. */
  public synchronized void scanInterval(Duration interval) {
    scans.roundTo(interval);
  }

  /**
   * Records a scan that failed because of a bug. Compliance is then unknown; everything else stays
   * as after the last completed scan.
   */
  public synchronized void scanFailed(Instant at) {
    scans.ended(ScanMeters.FAILED, at);
    states.blind();
  }

  /** Records how the sources did in a cross-check. */
  public synchronized void sources(Collection<SourceReport> reports) {
    scans.sources(reports);
  }

  /** The state of the sources of events. */
  public synchronized void eventSources(List<EventSourceReport> reports) {
    events.sources(reports);
  }

  /** Records the time from the opening of a listener to its alert. */
  public void detected(Duration after) {
    detection.observe(seconds(after));
  }

  /** A source that is no longer used: its series vanish. */
  public synchronized void sourceRemoved(String source) {
    scans.remove(source);
  }

  /** Scans are overdue: compliance is unknown until the next one has ended. */
  public synchronized void scanOverdue() {
    states.blind();
  }

  /**
   * Counts scans that were skipped because the previous one had not ended.
   *
   * @param more the number since the last call
   */
  public void scanSkipped(long more) {
    scans.skipped(more);
  }

  /** Sets the receivers of the active config; the series of all others vanish. */
  public synchronized void receivers(Collection<String> names) {
    receivers.are(names);
  }

  /** Sets the receivers that send all alerts of the host to Alertmanager. */
  public synchronized void alertmanagers(Collection<String> names) {
    receivers.alertmanagers(names);
  }

  /** Counts one attempt to deliver, unless the receiver is no longer in the config. */
  public synchronized void delivery(String receiver, Delivery outcome) {
    receivers.delivery(receiver, outcome);
  }

  /** The queue of each receiver by name; a receiver that is left out has an empty one. */
  public synchronized void outbox(Map<String, OutboxState> queues) {
    receivers.waiting(queues);
  }

  /**
   * The state of the database.
   *
   * @param head the last entry of the history, as in {@code 611:9f86d0...}; {@code null} if there
   *     is none
   */
  public synchronized void store(StoreState state, @Nullable String head) {
    store.is(state);
    history.head(head);
  }

  /** Findings of the last scan without an alert, because there are too many alerts. */
  public synchronized void alertsNotFollowed(int findings) {
    states.notFollowed(findings);
  }

  /** The number of active silences. */
  public synchronized void silences(int active) {
    states.silences(active);
  }

  /** Heartbeats have series only while the config has one. */
  public synchronized void heartbeatConfigured(boolean configured) {
    heartbeats.configured(configured);
  }

  /** Counts a heartbeat. */
  public synchronized void heartbeat(Delivery outcome, Instant at) {
    heartbeats.sent(outcome instanceof Delivery.Delivered, at);
  }

  /** Counts a web request that was cut off because too many clients were slow. */
  public void webRequestGivenUp() {
    webGivenUp.increment();
  }

  /**
   * Records a load of config and policy.
   *
   * @param good false if they were rejected
   */
  public synchronized void configLoaded(boolean good) {
    configLoaded.set(new GaugeFamily.Values().put(Tags.empty(), good ? 1 : 0));
  }

  /**
   * Sets the active policy.
   *
   * @param digest identifies it
   */
  public synchronized void policyActive(String digest) {
    policy.set(new GaugeFamily.Values().put(Tags.of("digest", digest), 1));
  }

  /** Sets the most series of listeners in a day; 0 for none. */
  public synchronized void listenerSeries(int most) {
    listeners.most(most);
  }

  /** Looks for a bundle have series only while the config names one. */
  public synchronized void bundleConfigured(boolean configured) {
    bundles.configured(configured);
  }

  /** Counts a look for a new policy bundle. */
  public synchronized void bundleFetched(BundleOutcome outcome, Instant at) {
    bundles.fetched(outcome, at);
  }

  /**
   * Sets the active policy bundle.
   *
   * @param revision {@code null} if none is active
   * @param expires {@code null} if it does not expire
   */
  public synchronized void bundleActive(@Nullable Long revision, @Nullable Instant expires) {
    bundles.active(revision, expires);
  }

  /**
   * All metrics as text: OpenMetrics 1.0.0, or the Prometheus text format 0.0.4.
   *
   * <p>The format is chosen here and never by an Accept header, because the library offers formats
   * whose code we do not ship.
   */
  public synchronized String scrape(boolean openMetrics) {
    scans.publish();
    states.publish();
    listeners.publish();
    return registry.scrape(openMetrics ? OPEN_METRICS : TEXT);
  }

  /** The metrics of these names, without {@code _info}, in the Prometheus text format 0.0.4. */
  synchronized String scrape(Set<String> names) {
    scans.publish();
    states.publish();
    return registry.scrape(TEXT, names);
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
