package io.portcurfew.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.portcurfew.alert.Alert;
import io.portcurfew.judge.Judgement;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.OutboxState;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.policy.Policy;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Prometheus is told. Label values come from the policy, the config and fixed sets only, never
 * from the host, so nothing that happens on the host adds a series; but for the head of the
 * history, which is one series at a time.
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
  private final HeartbeatMeters heart;
  private final Histogram scanDuration;
  private final Counter skipped;
  private final GaugeFamily configLoaded;
  private final GaugeFamily policy;
  private Supplier<Map<String, OutboxState>> outbox = Map::of;
  private volatile LongSupplier webGivenUp = () -> 0;
  private volatile Supplier<Stored> stored = () -> new Stored(true, 0, 0, null);
  private final GaugeFamily historyHead;

  /**
   * How the store fares.
   *
   * @param writable whether what happens is on the disk
   * @param waiting how many changes are kept in memory meanwhile
   * @param lost how many changes found no place there
   * @param head the end of the log, as in {@code 611:9f86d0...}; {@code null} where there is none
   */
  public record Stored(boolean writable, int waiting, long lost, @Nullable String head) {}

  /**
   * Every metric that has a value before the first scan is there from now on.
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
    heart = new HeartbeatMeters(registry);
    // Micrometer's own timer would add a decaying _max gauge beside the histogram.
    scanDuration =
        Histogram.builder()
            .name("portcurfew_scan_duration_seconds")
            .help("How long a scan that ended took, from the first source to the judgement.")
            .withoutExemplars()
            .classicOnly()
            .classicUpperBounds(
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
            .register(registry.getPrometheusRegistry());
    skipped =
        Counter.builder("portcurfew_scans_skipped_total")
            .description("Scans that were not started because the one before had not ended.")
            .register(registry);
    FunctionCounter.builder(
            "portcurfew_web_requests_given_up_total", this, m -> m.webGivenUp.getAsLong())
        .description("Web requests cut off because too many clients were slow at once.")
        .register(registry);
    registerStore();
    historyHead =
        new GaugeFamily(
            registry,
            "portcurfew.history.head.info",
            "The last entry of the history and its hash, to be kept elsewhere; always 1.");
    configLoaded =
        new GaugeFamily(
            registry,
            "portcurfew_config_last_reload_successful",
            "Whether the config and policy that were read last were good: 1 or 0.");
    policy =
        new GaugeFamily(
            registry, "portcurfew.policy.info", "The policy that is in force; always 1.");
  }

  private void registerStore() {
    Gauge.builder("portcurfew_store_writable", this, m -> m.stored.get().writable() ? 1 : 0)
        .description("Whether alerts and notifications can be written to the disk: 1 or 0.")
        .register(registry);
    Gauge.builder("portcurfew_store_waiting_changes", this, m -> m.stored.get().waiting())
        .description("Changes that are kept in memory until they can be written.")
        .register(registry);
    FunctionCounter.builder("portcurfew_store_lost_changes_total", this, m -> m.stored.get().lost())
        .description("Changes that could not be written, nor kept in memory since too many were.")
        .register(registry);
  }

  /**
   * A scan ended. It is complete where every listener was seen and every rule could be tested, else
   * partial.
   *
   * @param alerts all that are kept, in any state
   * @param took how long the scan took
   */
  public synchronized void scanned(
      Snapshot snapshot,
      Judgement judgement,
      Policy policy,
      Collection<Alert> alerts,
      Duration took) {
    boolean complete = snapshot.complete() && judgement.complete();
    scans.ended(complete ? ScanMeters.COMPLETE : ScanMeters.PARTIAL, snapshot.takenAt());
    scans.sources(snapshot.sources());
    states.judged(judgement, policy);
    states.alerts(alerts);
    scanDuration.observe(seconds(took));
  }

  /**
   * A scan ended with an error of our own. Whether a rule holds is then unknown; all else stays as
   * the last scan that ended left it.
   */
  public synchronized void scanFailed(Instant at) {
    scans.ended(ScanMeters.FAILED, at);
    states.blind();
  }

  /** How the sources fared in a look that no scan judged: the cross-check. */
  public synchronized void sources(Collection<SourceReport> reports) {
    scans.sources(reports);
  }

  /** Scans are overdue: whether a rule holds is unknown until the next one ends. */
  public synchronized void scanOverdue() {
    states.blind();
  }

  /**
   * Scans were skipped because the one before had not ended.
   *
   * @param more how many since the last call
   */
  public void scanSkipped(long more) {
    skipped.increment((double) more);
  }

  /** The receivers of the config that is in force; series of all others vanish. */
  public synchronized void receivers(Collection<String> names) {
    receivers.are(names);
  }

  /** Counts one attempt to deliver; one to a receiver that is no longer in the config is not. */
  public synchronized void delivery(String receiver, Delivery outcome) {
    receivers.delivery(receiver, outcome);
  }

  /**
   * Where to ask, at each scrape, what waits for delivery: by receiver, where a receiver that is
   * left out has nothing waiting. It is asked on the thread of the scrape.
   */
  public synchronized void outbox(Supplier<Map<String, OutboxState>> source) {
    outbox = source;
  }

  /** Where to ask, at each scrape, how the store fares. */
  public void store(Supplier<Stored> source) {
    stored = source;
  }

  /** How many findings of the last scan are followed by no alert, since there are too many. */
  public synchronized void alertsNotFollowed(int findings) {
    states.notFollowed(findings);
  }

  /** How many silences hold. */
  public synchronized void silences(int inForce) {
    states.silences(inForce);
  }

  /** The receiver of the heartbeat took one, or did not. */
  public synchronized void heartbeat(boolean taken, Instant at) {
    heart.beat(taken, at);
  }

  /** Where to ask, at each scrape, how many web requests were given up so far. */
  public void webRequestsGivenUp(LongSupplier total) {
    webGivenUp = total;
  }

  /** The config or the policy was read and is now in force, or was refused. */
  public synchronized void configLoaded(boolean good) {
    configLoaded.set(new GaugeFamily.Values().put(Tags.empty(), good ? 1 : 0));
  }

  /**
   * The policy that is in force.
   *
   * @param digest what tells it from others
   */
  public synchronized void policyInForce(String digest) {
    policy.set(new GaugeFamily.Values().put(Tags.of("digest", digest), 1));
  }

  /**
   * All metrics as text: OpenMetrics 1.0.0, or the Prometheus text format 0.0.4.
   *
   * <p>The format is chosen here and never by an Accept header, since the library offers formats
   * whose code we do not ship.
   */
  public String scrape(boolean openMetrics) {
    // Asked outside our lock: it takes locks of its own, and their holders count deliveries here.
    Map<String, OutboxState> waiting = outboxSource().get();
    String head = stored.get().head();
    synchronized (this) {
      publish(head);
      receivers.waiting(waiting);
      scans.publish();
      states.publish();
      return registry.scrape(openMetrics ? OPEN_METRICS : TEXT);
    }
  }

  private void publish(@Nullable String head) {
    if (head != null) {
      historyHead.set(new GaugeFamily.Values().put(Tags.of("head", head), 1));
    }
  }

  private synchronized Supplier<Map<String, OutboxState>> outboxSource() {
    return outbox;
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
