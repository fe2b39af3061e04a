package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.portcurfew.notify.Notification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Pending notifications of a receiver while the database cannot be written. */
class UnsavedDeliveriesTest {

  @TempDir private Path folder;
  private final Logger logger = (Logger) LoggerFactory.getLogger(Store.class);
  private StoreFixture saved;

  @BeforeEach
  void open() {
    logger.setLevel(Level.OFF);
    saved = StoreFixture.in(folder);
  }

  @AfterEach
  void close() throws Exception {
    logger.setLevel(null);
    saved.close();
  }

  private void run(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(Database.FILE));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void refuseWrites() throws SQLException {
    run("CREATE TRIGGER full BEFORE INSERT ON delivery BEGIN SELECT RAISE(ABORT, 'full'); END");
  }

  /** The ids of what is pending, after a check that the written database shows the same. */
  private List<String> pendingBeforeAndAfterRecovery() throws SQLException {
    List<String> pending = saved.pending("ops");
    assertThat(saved.store.state().writable()).isFalse();
    run("DROP TRIGGER full");
    saved.pass(Duration.ofSeconds(10));
    saved.store.maintain();
    assertThat(saved.store.state().writable()).isTrue();
    assertThat(saved.store.unbalanced()).isEmpty();
    assertThat(saved.pending("ops")).isEqualTo(pending);
    return pending;
  }

  @Test
  void delivered_isNotPending() throws Exception {
    saved.scan(611, 612);
    refuseWrites();
    saved.store.ledger().delivered("ops", saved.sent.get(0), 1);
    assertThat(saved.pending("log")).isEqualTo(saved.ids());
    assertThat(pendingBeforeAndAfterRecovery()).isEqualTo(saved.ids().subList(1, 2));
  }

  @Test
  void refused_isNotPending() throws Exception {
    saved.scan(611);
    refuseWrites();
    saved.store.ledger().dead("ops", saved.sent.get(0), 1, "404");
    assertThat(pendingBeforeAndAfterRecovery()).isEmpty();
  }

  @Test
  void newNotification_isPending() throws Exception {
    saved.scan(611);
    refuseWrites();
    saved.scan(611, 612);
    saved.store.ledger().delivered("ops", saved.sent.get(1), 1);
    saved.scan(611, 612, 613);
    assertThat(pendingBeforeAndAfterRecovery())
        .containsExactly(saved.ids().get(0), saved.ids().get(2));
  }

  @Test
  void summary_comesWhereItsLastNotificationWas() throws Exception {
    saved.scan(1, 2);
    refuseWrites();
    saved.scan(1, 2, 3);
    List<Notification> merged = List.copyOf(saved.sent.subList(0, 2));
    Notification summary = Notification.of(merged);
    saved.store.ledger().folded("ops", merged, summary);
    assertThat(pendingBeforeAndAfterRecovery()).containsExactly(summary.id(), saved.ids().get(2));
  }

  @Test
  void summaryOfWhatIsNotPending_isNotPending() throws Exception {
    saved.scan(1, 2);
    List<Notification> merged = List.copyOf(saved.sent);
    merged.forEach(one -> saved.store.ledger().delivered("ops", one, 1));
    refuseWrites();
    saved.store.ledger().dead("log", merged.get(0), 1, "404");
    saved.store.ledger().folded("ops", merged, Notification.of(merged));
    assertThat(pendingBeforeAndAfterRecovery()).isEmpty();
  }

  @Test
  void ageOfANewNotification_isItsOwn() throws Exception {
    refuseWrites();
    saved.scan(611);
    saved.pass(Duration.ofMinutes(3));
    assertThat(saved.store.ledger().pending("ops").orElseThrow())
        .singleElement()
        .satisfies(one -> assertThat(one.age()).isEqualTo(Duration.ofMinutes(3)));
  }
}
