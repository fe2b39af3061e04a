package io.portcurfew.scan;

import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.Alerts;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.notify.ConfiguredReceiver;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.NotificationFactory;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.RateLimit;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.notify.Timing;
import io.portcurfew.notify.receivers.WebhookNotifier;
import io.portcurfew.notify.receivers.WebhookSettings;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import io.portcurfew.store.Store;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Saves and reports as the agent does, as fast as it goes, to be killed at any moment: the k-th
 * step opens port k and closes port k - 5. It goes on where the one before was killed, and ends
 * when all is reported.
 */
final class CrashingAgent {

  static final int OPEN = 5;

  /** Where it ends itself, as if killed. */
  enum Point {
    NOWHERE,
    BEFORE_SAVE,
    AFTER_SAVE,
    BEFORE_DELIVERY,
    AFTER_DELIVERY,
    AFTER_RECORD
  }

  private final Point point;
  private int passes;

  private CrashingAgent(Point point, int passes) {
    this.point = point;
    this.passes = passes;
  }

  /** Arguments: state folder, URL, number of steps, the point and how often it is passed first. */
  public static void main(String[] args) throws Exception {
    int steps = Integer.parseInt(args[2]);
    CrashingAgent agent = new CrashingAgent(Point.valueOf(args[3]), Integer.parseInt(args[4]));
    agent.run(Path.of(args[0]), URI.create(args[1]), steps);
    Runtime.getRuntime().halt(0);
  }

  private synchronized void at(Point here) {
    if (here == point && passes-- == 0) {
      Runtime.getRuntime().halt(137);
    }
  }

  private void run(Path folder, URI url, int steps) throws Exception {
    Duration limit = Duration.ofSeconds(10);
    WebhookSettings settings = new WebhookSettings(url, null, limit);
    Store store = Store.open(folder, Clock.systemUTC(), Ticker.SYSTEM);
    Notifier hook = new WebhookNotifier("ops", settings, "1", Clock.systemUTC());
    Dispatcher dispatcher =
        new Dispatcher(
            Map.of("ops", ConfiguredReceiver.ofAll(crashing(hook))),
            (receiver, outcome) -> {},
            crashing(store.ledger()),
            RateLimit.UNLIMITED,
            new Random(611),
            Timing.SYSTEM,
            Threads.SYSTEM);
    Alerts alerts = store.alerts();
    for (int step = last(alerts) + 1; step <= steps; step++) {
      alerts = step(step, alerts, store, dispatcher);
    }
    while (dispatcher.outbox().get("ops").pending() > 0) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    dispatcher.close();
    store.close();
  }

  private static int last(Alerts alerts) {
    return alerts.open().keySet().stream().mapToInt(key -> key.endpoint().port()).max().orElse(0);
  }

  private Alerts step(int step, Alerts alerts, Store store, Dispatcher dispatcher) {
    Instant now = Clock.systemUTC().instant();
    List<Finding> findings = new ArrayList<>();
    for (int port = Math.max(1, step - OPEN + 1); port <= step; port++) {
      findings.add(open(port));
    }
    Judgement judgement = new Judgement(Map.of(), findings, Map.of(), true);
    AlertChanges changes = alerts.update(judgement, snapshot(now), now, Duration.ofHours(24));
    List<Notification> reported = NotificationFactory.of(changes, "web-1", "0123456789ab");
    at(Point.BEFORE_SAVE);
    List<RoutedNotification> addressed = dispatcher.route(reported);
    store.save(changes, addressed);
    at(Point.AFTER_SAVE);
    dispatcher.send(addressed);
    return changes.after();
  }

  private static Finding open(int port) {
    NotifySettings notifySettings =
        new NotifySettings(Severity.WARNING, null, Duration.ZERO, new TreeMap<>(), null);
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
    return Finding.ofEndpoint(
        FindingKind.OPEN, "r", notifySettings, endpoint, "open", List.of(), List.of());
  }

  private static Snapshot snapshot(Instant now) {
    return PlainSnapshots.of(now, true, List.of());
  }

  private Notifier crashing(Notifier notifier) {
    return notification -> {
      at(Point.BEFORE_DELIVERY);
      var outcome = notifier.deliver(notification);
      at(Point.AFTER_DELIVERY);
      return outcome;
    };
  }

  private Ledger crashing(Ledger ledger) {
    return new Ledger() {
      @Override
      public Optional<List<Pending>> pending(String receiver) {
        return ledger.pending(receiver);
      }

      @Override
      public void delivered(String receiver, Notification notification, int attempts) {
        ledger.delivered(receiver, notification, attempts);
        at(Point.AFTER_RECORD);
      }

      @Override
      public void dead(String receiver, Notification one, int attempts, String why) {
        ledger.dead(receiver, one, attempts, why);
      }

      @Override
      public void folded(String receiver, List<Notification> all, Notification summary) {
        ledger.folded(receiver, all, summary);
      }
    };
  }
}
