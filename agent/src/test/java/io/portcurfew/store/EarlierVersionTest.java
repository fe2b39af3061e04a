package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Judgement;
import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.NotificationFactory;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.store.audit.LogHead;
import io.portcurfew.store.audit.VerificationResult;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens a database that an agent of version 0.1.0 wrote within a minute on 2026-11-26: port 611
 * opened three times, receiver {@code down} was down and receiver {@code refuses} refused.
 */
public class EarlierVersionTest {

  private static final Instant START = Instant.parse("2026-11-26T14:25:00Z");
  private static final String HEAD =
      "11:89383cbce75d90f3841800a172747b6fb1d3256573e8f119f84eaeeb49c730db";

  @TempDir private Path folder;
  private Instant now = Instant.parse("2026-11-26T14:40:00Z");

  @BeforeEach
  void unpack() throws Exception {
    try (InputStream key = resource("key");
        InputStream database = new GZIPInputStream(resource("portcurfew.db.gz"))) {
      Files.copy(key, folder.resolve("key"));
      Files.copy(database, folder.resolve("portcurfew.db"));
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(EarlierVersionTest.class.getResourceAsStream("0.1.0/" + name));
  }

  private Store open() {
    return Store.open(folder, () -> now, () -> Duration.between(START, now));
  }

  @Test
  void alertsSilencesAndPendingNotificationsAreRead() throws Exception {
    try (Store store = open()) {
      assertThat(store.state().damaged()).isEmpty();
      assertThat(store.state().writable()).isTrue();
      assertThat(store.alerts().open().values())
          .extracting(alert -> alert.finding().kind(), Alert::state)
          .containsExactlyInAnyOrder(
              tuple(FindingKind.OPEN, AlertState.FIRING),
              tuple(AgentCondition.UNDELIVERED, AlertState.FIRING));
      assertThat(store.alerts().resolved()).hasSize(2);
      assertThat(store.silences(now).active()).hasSize(2);
      assertThat(store.ledger().pending("down").orElseThrow())
          .extracting(one -> one.notification().reason())
          .containsExactly(
              Reason.FIRST,
              Reason.FIRST,
              Reason.RESOLVED,
              Reason.FIRST,
              Reason.RESOLVED,
              Reason.FIRST);
      assertThat(store.ledger().pending("ops").orElseThrow()).isEmpty();
      assertThat(store.unbalanced()).isEmpty();
    }
  }

  @Test
  void nextScanResolvesItsAlertsWithTheirIds() throws Exception {
    Alert firing;
    try (Store store = open()) {
      store.audit().start(Map.of("version", "0.2.0"));
      firing =
          store.alerts().open().values().stream()
              .filter(alert -> alert.finding().kind() == FindingKind.OPEN)
              .findFirst()
              .orElseThrow();
      scanWithoutFindings(store);
      List<Ledger.Pending> pending = store.ledger().pending("down").orElseThrow();
      store.ledger().delivered("down", pending.get(0).notification(), 9);
      assertThat(store.unbalanced()).isEmpty();
    }
    try (Store store = open()) {
      assertThat(store.alerts().open()).isEmpty();
      assertThat(store.alerts().resolved())
          .filteredOn(alert -> alert.id().equals(firing.id()))
          .singleElement()
          .satisfies(
              alert -> assertThat(alert.finding().message()).contains("611 is closed again"));
      assertThat(store.ledger().pending("down").orElseThrow()).hasSize(7);
    }
  }

  private void scanWithoutFindings(Store store) {
    Snapshot empty = PlainSnapshots.of(now, true, List.of());
    Alerts before = store.alerts();
    AlertChanges changes =
        before.update(
            new Judgement(Map.of(), List.of(), Map.of(), true),
            empty,
            now,
            Duration.ofHours(24),
            store.silences(now));
    List<Notification> all = NotificationFactory.of(changes, "web-1", "0123456789ab");
    store.save(
        changes, all.stream().map(one -> new RoutedNotification(one, Set.of("down"))).toList());
    store.saveListeners(empty);
    store.maintain();
  }

  @Test
  void clockIsTenYearsAhead_historyIsKept() throws Exception {
    now = now.plus(Duration.ofDays(3650));
    for (int start = 0; start < 2; start++) {
      try (Store store = open()) {
        for (int hour = 0; hour < 48; hour++) {
          now = now.plus(Duration.ofHours(1));
          store.maintain();
        }
      }
    }
    try (History history = History.in(folder)) {
      assertThat(history.verify(LogHead.parse(HEAD).orElseThrow()).entries()).isEqualTo(12);
      assertThat(history.listeners(START)).hasSize(7);
    }
  }

  @Test
  void historyIsReadAndTheLogStaysIntact() throws Exception {
    LogHead head = LogHead.parse(HEAD).orElseThrow();
    try (History history = History.in(folder)) {
      assertThat(history.notifications(START)).hasSize(6);
      assertThat(history.notifications(START).get(0).outcomes())
          .extracting(History.Outcome::receiver, History.Outcome::state)
          .contains(tuple("ops", "delivered"), tuple("refuses", "dead"), tuple("down", "pending"));
      assertThat(history.listeners(START)).hasSize(7);
      assertThat(history.entries(START))
          .extracting(History.HistoryEntry::what)
          .contains("begun", "start", "alert", "silence", "stop");
    }
    try (Store store = open()) {
      store.audit().start(Map.of("version", "0.2.0"));
      scanWithoutFindings(store);
    }
    try (History history = History.in(folder)) {
      VerificationResult log = history.verify(head);
      assertThat(log.broken()).isNull();
      assertThat(log.entries()).isEqualTo(15);
    }
  }
}
