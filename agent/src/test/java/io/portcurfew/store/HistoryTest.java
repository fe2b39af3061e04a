package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.judge.SampleSockets;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

  @TempDir private Path folder;

  @Test
  void besideARunningAgent_readsAlertsAndNotifications() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      saved.scan(611, 612);
      saved.scan(611);
      saved.store.ledger().delivered("ops", saved.sent.get(0), 2);
      saved.store.ledger().dead("log", saved.sent.get(0), 1, "gone");
      try (History history = History.in(folder)) {
        assertThat(history.alerts(StoreFixture.NOON))
            .extracting(Alert::state)
            .containsExactlyInAnyOrder(AlertState.FIRING, AlertState.RESOLVED);
        List<History.NotificationEntry> notifications = history.notifications(StoreFixture.NOON);
        assertThat(notifications)
            .extracting(History.NotificationEntry::notification)
            .isEqualTo(saved.sent);
        assertThat(notifications.get(0).outcomes())
            .containsExactlyInAnyOrder(
                new History.Outcome("ops", "delivered", 2, saved.now, null),
                new History.Outcome("log", "dead", 1, saved.now, "gone"));
        assertThat(notifications.get(1).outcomes())
            .extracting(History.Outcome::state)
            .containsOnly("pending");
        assertThat(history.notifications(saved.now.plusSeconds(1))).isEmpty();
      }
      assertThat(saved.scan(613)).as("the agent goes on").hasSize(2);
    }
  }

  @Test
  void afterTheAgent_readsListeners() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      Listener one = new Listener(StoreFixture.finding(22).endpoint(), null, List.of(), "ss");
      saved.store.saveListeners(saved.snapshot(List.of(one)));
      saved.pass(Duration.ofSeconds(5));
      saved.store.saveListeners(saved.snapshot(List.of()));
    }
    try (History history = History.in(folder)) {
      assertThat(history.listeners(StoreFixture.NOON))
          .containsExactly(
              new History.ListenerEntry(
                  StoreFixture.finding(22).endpoint(),
                  List.of(),
                  StoreFixture.NOON,
                  StoreFixture.NOON));
    }
  }

  @Test
  void startsAndStops_areReadWithTheBegin() throws Exception {
    Instant begin;
    try (StoreFixture saved = StoreFixture.in(folder)) {
      begin = saved.now;
      saved.pass(Duration.ofSeconds(5));
      saved.store.audit().start(Map.of());
      saved.scan(611);
      saved.pass(Duration.ofSeconds(5));
      saved.store.audit().stop();
    }
    try (History history = History.in(folder)) {
      assertThat(history.begin()).contains(begin);
      assertThat(history.startsAndStops())
          .extracting(History.HistoryEntry::what)
          .containsExactly("start", "stop");
      assertThat(history.startsAndStops().get(0).at()).isEqualTo(begin.plusSeconds(5));
    }
  }

  @Test
  void afterTheAgent_readsSocketsOfOtherFamilies() throws Exception {
    OtherSocket socket = SampleSockets.SOCKETS.all().get(0);
    try (StoreFixture saved = StoreFixture.in(folder)) {
      saved.store.saveListeners(SampleSockets.snapshot());
    }
    try (StoreFixture again = StoreFixture.in(folder)) {
      again.store.saveListeners(SampleSockets.snapshot());
    }
    try (History history = History.in(folder)) {
      assertThat(history.listeners(Instant.EPOCH))
          .filteredOn(entry -> entry.place().equals(socket.place()))
          .singleElement()
          .satisfies(
              entry -> {
                assertThat(entry.owners()).isEqualTo(socket.owners());
                assertThat(entry.last()).isNull();
              });
    }
  }

  @Test
  void withoutAnAgent_nothingIsReadOrCreated() throws Exception {
    assertThatThrownBy(() -> History.in(folder))
        .isInstanceOf(History.Unreadable.class)
        .hasMessageStartingWith("no data yet: no agent has run on " + folder);
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }
}
