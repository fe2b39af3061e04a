package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A database that cannot be opened at the start of the agent, but later. */
class LateDatabaseTest {

  @TempDir private Path folder;
  private final Logger logger = (Logger) LoggerFactory.getLogger(Store.class);
  private StoreFixture saved;

  @BeforeEach
  void open() {
    logger.setLevel(Level.OFF);
    saved = StoreFixture.in(folder);
  }

  @AfterEach
  void allDeliveriesAreAccountedFor() throws Exception {
    logger.setLevel(null);
    assertThat(saved.store.unbalanced()).isEmpty();
    assertThat(saved.store.state().damaged()).isEmpty();
    assertThat(StoreCheck.broken(folder)).isNull();
    saved.close();
  }

  /** SQLite cannot open a database if the name of its log is that of a folder. */
  private Path restartWithoutDatabase() throws Exception {
    saved.store.close();
    Path block = Files.createDirectory(folder.resolve("portcurfew.db-wal"));
    saved.pass(Duration.ofMinutes(1));
    saved.open();
    assertThat(saved.store.state().writable()).isFalse();
    return block;
  }

  private void recover(Path block, int... ports) throws Exception {
    Files.delete(block);
    saved.pass(Duration.ofSeconds(10));
    saved.scan(ports);
    assertThat(saved.store.state().writable()).isTrue();
  }

  @Test
  void openAlerts_keepTheirIds() throws Exception {
    saved.scan(611, 612);
    String id = saved.firing(611).id();
    String ended = saved.firing(612).id();
    Path block = restartWithoutDatabase();
    List<Notification> during = saved.scan(611, 613);
    String own = during.get(0).alert().id();
    assertThat(own).isNotEqualTo(id);
    recover(block, 611, 613);

    List<Alert> replaced = saved.store.continued().orElseThrow();
    assertThat(replaced).extracting(Alert::id).containsExactly(own);
    assertThat(replaced.get(0).finding().message()).contains("goes on as alert " + id);
    assertThat(saved.store.continued()).isEmpty();
    List<Notification> after = saved.scan(611, 613);
    assertThat(after).extracting(Notification::reason).containsExactly(Reason.RESOLVED);
    assertThat(after.get(0).alert().id()).isEqualTo(ended);
    assertThat(saved.firing(611).id()).isEqualTo(id);
    saved.restart();
    assertThat(saved.firing(611).id()).isEqualTo(id);
    assertThat(saved.store.alerts().open()).hasSize(2);
  }

  @Test
  void pendingNotifications_areHandedOverWithTheirAge() throws Exception {
    saved.scan(611);
    List<String> earlier = List.copyOf(saved.ids());
    saved.pass(Duration.ofDays(3));
    saved.store.maintain();
    Path block = restartWithoutDatabase();
    assertThat(saved.pending("ops")).isEmpty();
    saved.scan(613);
    recover(block, 613);

    List<Ledger.Pending> handedOver = saved.store.ledger().pending("ops").orElseThrow();
    assertThat(handedOver.subList(0, earlier.size()))
        .extracting(one -> one.notification().id())
        .isEqualTo(earlier);
    assertThat(handedOver.get(0).age()).isGreaterThan(Duration.ofDays(3));
    assertThat(handedOver.subList(earlier.size(), handedOver.size()))
        .isNotEmpty()
        .allMatch(one -> one.age().compareTo(Duration.ofMinutes(1)) < 0);
  }

  @Test
  void listenersThatStayedOpen_keepTheirRows() throws Exception {
    see(22, 80);
    Path block = restartWithoutDatabase();
    see(22, 443);
    see(22, 443);
    recover(block);
    see(22, 443);

    try (History history = History.in(folder)) {
      assertThat(history.listeners(StoreFixture.NOON))
          .extracting(
              one -> ((Endpoint) one.place()).port() + (one.last() == null ? " open" : " closed"))
          .containsExactlyInAnyOrder("22 open", "80 closed", "443 open");
    }
  }

  @Test
  void startOfTheAgent_isInTheLog() throws Exception {
    saved.store.audit().start(Map.of());
    Path block = restartWithoutDatabase();
    saved.store.audit().start(Map.of());
    recover(block);

    try (History history = History.in(folder)) {
      assertThat(history.entries(StoreFixture.NOON))
          .extracting(History.HistoryEntry::what)
          .containsSubsequence("start", "start");
    }
  }

  private void see(int... ports) {
    saved.pass(Duration.ofSeconds(1));
    List<Listener> listeners = new ArrayList<>();
    for (int port : ports) {
      Owner owner = new Owner(7, null, HostText.of("/usr/sbin/d" + port), null, 0L);
      listeners.add(
          new Listener(StoreFixture.finding(port).endpoint(), null, List.of(owner), "sock_diag"));
    }
    saved.store.saveListeners(saved.snapshot(listeners));
  }
}
