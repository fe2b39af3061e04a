package io.portcurfew.scan;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Alerts;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostEvents;
import io.portcurfew.judge.Finding;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.ConfiguredReceiver;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.RateLimit;
import io.portcurfew.notify.Timing;
import io.portcurfew.notify.receivers.FiringAlerts;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import io.portcurfew.store.Store;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;

/**
 * The pipeline of an agent over a store in a temporary folder. Notifications for its one receiver
 * are saved and never sent, so the store holds all of them in order.
 */
public final class PipelineFixture implements AutoCloseable {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  /** A delivery to another receiver than the first stays in the store, also after a restart. */
  private static final Notifier DOWN = notification -> new Delivery.Retry("down");

  final Metrics metrics;

  /** Only pending notifications of an earlier run get here. */
  final BlockingQueue<Notification> delivered = new LinkedBlockingQueue<>();

  private final AgentHealth health = new AgentHealth(Duration.ZERO);
  private final Store store;
  private final Dispatcher dispatcher;
  private final EvidenceCollector evidence =
      new EvidenceCollector(limit -> List.of(), all -> {}, Threads.SYSTEM);
  private final FiringAlerts firing = new FiringAlerts();
  private final AlertPipeline pipeline;

  public PipelineFixture(Path folder, Metrics metrics) {
    this(folder, metrics, Ticker.SYSTEM);
  }

  /** Adds a receiver, as a reload does. */
  void addReceiver(String name) {
    dispatcher.change(
        Map.of(
            "ops", ConfiguredReceiver.ofAll(this::deliver), name, ConfiguredReceiver.ofAll(DOWN)));
  }

  /** Leaves the first receiver alone. */
  void removeReceivers() {
    dispatcher.change(Map.of("ops", ConfiguredReceiver.ofAll(this::deliver)));
  }

  PipelineFixture(Path folder, Metrics metrics, Ticker ticker) {
    this(folder, metrics, ticker, List.of("ops"));
  }

  /** Starts with these receivers in the config. */
  PipelineFixture(Path folder, Metrics metrics, Ticker ticker, List<String> receivers) {
    this.metrics = metrics;
    store = Store.open(folder, () -> NOON, ticker);
    dispatcher =
        new Dispatcher(
            receivers.stream()
                .collect(
                    Collectors.toMap(
                        name -> name,
                        name ->
                            ConfiguredReceiver.ofAll(name.equals("ops") ? this::deliver : DOWN))),
            (receiver, outcome) -> {},
            store.ledger(),
            RateLimit.UNLIMITED,
            new Random(611),
            Timing.SYSTEM,
            Threads.SYSTEM);
    pipeline =
        new AlertPipeline(
            store,
            dispatcher,
            evidence,
            new HeartbeatSender(name -> null, outcome -> {}, Threads.SYSTEM),
            firing,
            health,
            Ticker.SYSTEM);
  }

  private Delivery deliver(Notification one) {
    delivered.add(one);
    return new Delivery.Delivered();
  }

  /** Leaves a firing alert about this in the store, as an earlier agent does. */
  void leave(Finding finding) {
    Alert alert = new Alert("a1", AlertState.FIRING, finding, NOON, null);
    Alerts left = new Alerts(new TreeMap<>(Map.of(alert.key(), alert)), List.of(), 0);
    store.save(new AlertChanges(left, List.of(), List.of(alert), List.of()), List.of());
  }

  CrossChecker crossChecker(Host host, ActiveConfig active) {
    return new CrossChecker(host, active.config(), health, metrics, Ticker.SYSTEM);
  }

  Scan scan(Host host, CrossChecker crossChecker, ActiveConfig active) {
    return new Scan(host, crossChecker, active, pipeline, HostEvents.NONE, metrics, Ticker.SYSTEM);
  }

  /** A scan that is compared with these events. */
  Scan scan(Host host, ActiveConfig active, HostEvents events) {
    CrossChecker checker = crossChecker(host, active);
    return new Scan(host, checker, active, pipeline, events, metrics, Ticker.SYSTEM);
  }

  public Scan scan(Host host, ActiveConfig active) {
    return scan(host, crossChecker(host, active), active);
  }

  /** A scan with monotonic time of its own. */
  public Scan scan(Host host, ActiveConfig active, Ticker ticker) {
    CrossChecker checker = crossChecker(host, active);
    return new Scan(host, checker, active, pipeline, HostEvents.NONE, metrics, ticker);
  }

  Alerts alerts() {
    return store.alerts();
  }

  /** The ids of the alerts that a receiver like Alertmanager gets again and again. */
  List<String> repeated() {
    return firing.get().stream().map(one -> one.alert().id()).toList();
  }

  List<Notification> notified() {
    return notified("ops");
  }

  List<Notification> notified(String receiver) {
    return store.ledger().pending(receiver).orElseThrow().stream()
        .map(Ledger.Pending::notification)
        .toList();
  }

  /** Delivers what is pending for a receiver; returns it. */
  List<Notification> deliverPending(String receiver) {
    List<Notification> all = notified(receiver);
    all.forEach(one -> store.ledger().delivered(receiver, one, 1));
    return all;
  }

  @Override
  public void close() throws SQLException {
    evidence.close();
    dispatcher.close();
    store.close();
  }
}
