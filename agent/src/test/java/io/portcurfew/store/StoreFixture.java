package io.portcurfew.store;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Alerts;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.NotificationFactory;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A store with virtual time, and scans whose changes are saved in it. */
public final class StoreFixture implements AutoCloseable {

  public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  static final Set<String> RECEIVERS = Set.of("log", "ops");

  private final Path folder;
  public Store store;
  Instant now = NOON;
  Duration elapsed = Duration.ofHours(1);
  List<Notification> sent = new ArrayList<>();
  private Alerts alerts;

  private StoreFixture(Path folder) {
    this.folder = folder;
  }

  public static StoreFixture in(Path folder) {
    StoreFixture saved = new StoreFixture(folder);
    saved.open();
    return saved;
  }

  public void open() {
    store = Store.open(folder, () -> now, () -> elapsed);
    alerts = store.alerts();
  }

  /** Stops and starts the store, as an agent does. */
  public void restart() throws Exception {
    store.close();
    open();
  }

  public void pass(Duration time) {
    now = now.plus(time);
    elapsed = elapsed.plus(time);
  }

  /** A scan with these open ports, a second after the previous one; returns its notifications. */
  public List<Notification> scan(int... ports) {
    pass(Duration.ofSeconds(1));
    List<Finding> findings = new ArrayList<>();
    for (int port : ports) {
      findings.add(finding(port));
    }
    Judgement judgement = new Judgement(Map.of(), findings, Map.of(), true);
    AlertChanges changes =
        store.alerts().update(judgement, snapshot(List.of()), now, Duration.ofHours(24));
    List<Notification> notifications = NotificationFactory.of(changes, "web-1", "0123456789ab");
    store.save(
        changes,
        notifications.stream().map(one -> new RoutedNotification(one, RECEIVERS)).toList());
    store.maintain();
    alerts = store.alerts();
    sent.addAll(notifications);
    return notifications;
  }

  Snapshot snapshot(List<Listener> listeners) {
    return PlainSnapshots.of(now, true, listeners);
  }

  /** A finding with all optional parts. */
  static Finding finding(int port) {
    OwnerDetails details =
        OwnerDetails.builder()
            .startedAt(NOON)
            .firstArgument(HostText.of("nc\n\\x"))
            .deleted(true)
            .elsewhere(false)
            .unit(HostText.of("a.service"))
            .container(
                new Container(
                    HostText.of("c0"),
                    HostText.of("web-1"),
                    HostText.of("nginx:1.27"),
                    HostText.of("shop"),
                    HostText.of("web"),
                    HostText.of("web-0"),
                    HostText.of("default")))
            .sha256(HostText.of("5ha"))
            .packageName(HostText.of("netcat"))
            .standsFor(HostText.of("you"))
            .ancestors(List.of(new OwnerDetails.Ancestor(1, HostText.of("init"))))
            .realUid(1000L)
            .creatorUid(33L)
            .replaced(true)
            .build();
    Owner owner =
        new Owner(
            4711,
            HostText.of("\u001b[2J\u202e"),
            HostText.of("/bin/nc"),
            HostText.of("root"),
            0L,
            details);
    NotifySettings settings =
        new NotifySettings(
            Severity.CRITICAL,
            "because",
            Duration.ZERO,
            new TreeMap<>(Map.of("team", "net")),
            URI.create("https://wiki.example.org/x"));
    Endpoint endpoint =
        new Endpoint(Protocol.TCP, new Address("fe80::1", "eth0", false), port, "web");
    return new Finding(
        FindingKind.OPEN,
        "rule",
        settings,
        endpoint,
        null,
        endpoint + " is open",
        List.of(owner, Owner.of(7)),
        List.of("ss: shows it"),
        UnknownOwner.GONE,
        null,
        null);
  }

  List<String> pending(String receiver) {
    return store.ledger().pending(receiver).orElseThrow().stream()
        .map(one -> one.notification().id())
        .toList();
  }

  /** The ids of the notifications. */
  List<String> ids() {
    return sent.stream().map(Notification::id).toList();
  }

  Alert firing(int port) {
    return alerts.open().values().stream()
        .filter(alert -> alert.finding().endpoint().port() == port)
        .filter(alert -> alert.state() == AlertState.FIRING)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() throws SQLException {
    store.close();
  }

  /** The number of rows of a table in the file. */
  long count(String table) throws Exception {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  Path file() {
    return folder.resolve("portcurfew.db");
  }
}
