package io.portcurfew.scan;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Reason;
import io.portcurfew.alert.Silences;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.NotificationFactory;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.notify.receivers.FiringAlerts;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.process.Ticker;
import io.portcurfew.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Holds the alerts between scans and processes the changes of each scan: saves them with their
 * notifications, and only then hands the notifications on.
 */
public final class AlertPipeline {

  private final Store store;
  private final Dispatcher dispatcher;
  private final EvidenceCollector evidence;
  private final HeartbeatSender heartbeat;
  private final FiringAlerts firing;
  private final AgentHealth health;
  private final GapLog gaps;
  private final Ticker ticker;
  // Receivers that were added before the database could be read.
  private final Set<String> addedUnread = new TreeSet<>();
  // The receivers that events notified since the last scan, by the id of the alert.
  private final Map<String, Set<String>> sighted = new HashMap<>();

  /** Begins with the alerts in the store. */
  public AlertPipeline(
      Store store,
      Dispatcher dispatcher,
      EvidenceCollector evidence,
      HeartbeatSender heartbeat,
      FiringAlerts firing,
      AgentHealth health,
      Ticker ticker) {
    this.store = store;
    this.dispatcher = dispatcher;
    this.evidence = evidence;
    this.heartbeat = heartbeat;
    this.firing = firing;
    this.health = health;
    this.gaps = new GapLog(store.audit()::enter);
    this.ticker = ticker;
    dispatcher.addNew(store::isNewReceiver);
  }

  /** The alerts after the last scan, or as the previous agent on this state folder left them. */
  Alerts alerts() {
    return store.alerts();
  }

  /** The silences that are active now. */
  Silences silences(Instant now) {
    return store.silences(now);
  }

  /**
   * The findings about the agent itself, as a scan begins.
   *
   * @param times the scan times from now on
   * @param alerts the alerts after the previous scan
   */
  List<Finding> conditions(ScanTimes times, Alerts alerts) {
    return health.and(ticker.elapsed(), times, AgentFindings.of(store.state(), alerts));
  }

  /**
   * Saves the result of a scan and hands its notifications on; never waits for a receiver.
   *
   * @param by the config and policy that judged the snapshot
   */
  void process(Snapshot snapshot, AlertChanges changes, ActiveConfig by) {
    String host = snapshot.host().toString();
    String policy = by.loaded().policyDigest();
    Duration now = ticker.elapsed();
    List<RoutedNotification> notifications = route(changes, host, policy, snapshot.takenAt());
    store.save(changes, notifications, dispatcher.receivers());
    // Before the notifications: a repetition must not come after the end of its alert.
    firing.update(changes.after(), host, policy);
    store.saveListeners(snapshot);
    gaps.record(snapshot.gaps(), now);
    store.maintain();
    evidence.send(notifications);
    Optional<List<Alert>> replaced = store.continued();
    if (replaced.isPresent()) {
      continueEarlierRun(replaced.get(), changes.after(), host, policy, snapshot.takenAt());
    }
    if (!changes.after().open().isEmpty()) {
      dispatcher.somethingFires();
    }
    health.record(snapshot.sources());
    heartbeat.scanned(snapshot, by.config().heartbeat(), now, policy, store.ledger().head());
  }

  /** The notifications of the changes, and those of what fires already for new receivers. */
  private List<RoutedNotification> route(
      AlertChanges changes, String host, String policy, Instant now) {
    List<RoutedNotification> notifications =
        new ArrayList<>(dispatcher.route(NotificationFactory.of(changes, host, policy)));
    Set<String> receivers = dispatcher.takeAdded();
    if (!store.isRead()) {
      addedUnread.addAll(receivers);
    }
    if (!receivers.isEmpty()) {
      List<Notification> firing = NotificationFactory.alreadyFiring(changes, host, policy, now);
      dispatcher.route(firing, receivers).stream()
          .map(this::withoutSighted)
          .filter(one -> !one.receivers().isEmpty())
          .forEach(notifications::add);
    }
    sighted.clear();
    return notifications;
  }

  private RoutedNotification withoutSighted(RoutedNotification one) {
    Set<String> receivers = new LinkedHashSet<>(one.receivers());
    receivers.removeAll(sighted.getOrDefault(one.notification().alert().id(), Set.of()));
    return new RoutedNotification(one.notification(), receivers);
  }

  /**
   * Saves what events changed between two scans and sends its notifications without evidence of the
   * other sources, which would take longer than most of these listeners live.
   */
  void processSightings(String host, AlertChanges changes, ActiveConfig by) {
    String policy = by.loaded().policyDigest();
    List<RoutedNotification> notifications =
        dispatcher.route(NotificationFactory.of(changes, host, policy));
    notifications.forEach(
        one ->
            sighted
                .computeIfAbsent(one.notification().alert().id(), id -> new HashSet<>())
                .addAll(one.receivers()));
    store.saveBetweenScans(changes, notifications, dispatcher.configured());
    firing.update(changes.after(), host, policy);
    evidence.sendAtOnce(notifications);
    if (!changes.after().open().isEmpty()) {
      dispatcher.somethingFires();
    }
  }

  /**
   * Continues the run before this one, once the database could be read: its pending notifications
   * are delivered, alerts that go on under their earlier ids are resolved under their own, and
   * receivers that were added meanwhile are notified of the earlier ones.
   *
   * @param own the alerts of this run
   */
  private void continueEarlierRun(
      List<Alert> replaced, Alerts own, String host, String policy, Instant now) {
    dispatcher.readLedger();
    health.continueFrom(store.alerts());
    List<AlertChanges.Change> ends =
        replaced.stream().map(alert -> new AlertChanges.Change(alert, Reason.RESOLVED)).toList();
    AlertChanges changes = new AlertChanges(store.alerts(), ends, replaced, List.of());
    List<RoutedNotification> notifications =
        new ArrayList<>(dispatcher.route(NotificationFactory.of(changes, host, policy)));
    Set<String> ownIds = own.open().values().stream().map(Alert::id).collect(Collectors.toSet());
    List<Notification> earlier =
        NotificationFactory.alreadyFiring(changes, host, policy, now).stream()
            .filter(one -> !ownIds.contains(one.alert().id()))
            .toList();
    dispatcher.addNew(store::isNewReceiver);
    addedUnread.addAll(dispatcher.takeAdded());
    notifications.addAll(dispatcher.route(earlier, addedUnread));
    addedUnread.clear();
    store.save(changes, notifications, dispatcher.receivers());
    // As after a scan: a repetition must not come after the end of its alert.
    firing.update(store.alerts(), host, policy);
    evidence.send(notifications);
  }
}
