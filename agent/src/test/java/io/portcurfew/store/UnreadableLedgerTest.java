package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Pending notifications that cannot be read. */
class UnreadableLedgerTest {

  @TempDir private Path folder;
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.portcurfew.store");
  private StoreFixture saved;

  @BeforeEach
  void open() {
    logger.setLevel(Level.OFF);
    saved = StoreFixture.in(folder);
    saved.scan(611, 612);
  }

  @AfterEach
  void close() throws Exception {
    logger.setLevel(null);
    saved.close();
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + saved.file());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void failedRead_isUnknownAndNotNone() throws Exception {
    run("ALTER TABLE notification RENAME TO away");
    assertThat(saved.store.ledger().pending("ops")).isEmpty();
    run("ALTER TABLE away RENAME TO notification");
    assertThat(saved.pending("ops")).isEqualTo(saved.ids());
    assertThat(saved.store.state().damaged()).isEmpty();
  }

  @Test
  void statementThatFailedOnce_worksAgain() throws Exception {
    run("ALTER TABLE notification RENAME TO away");
    run(
        "CREATE VIEW notification AS SELECT seq, id, reason, abs(-9223372036854775807 - 1) AS host,"
            + " policy, made, lived, body, seal FROM away");
    assertThat(saved.store.ledger().pending("ops")).isEmpty();
    assertThat(saved.store.ledger().pending("ops")).isEmpty();
    run("DROP VIEW notification");
    run("ALTER TABLE away RENAME TO notification");
    assertThat(saved.pending("ops")).isEqualTo(saved.ids());
  }

  @Test
  void damagedRow_replacesTheDatabase() throws Exception {
    run("UPDATE notification SET host = 'forged'");
    assertThat(saved.store.ledger().pending("ops")).isEmpty();
    assertThat(saved.store.state().writable()).isFalse();
    saved.pass(Duration.ofSeconds(10));
    saved.store.maintain();
    assertThat(saved.store.state().writable()).isTrue();
    assertThat(saved.store.state().damaged()).hasSize(1);
    assertThat(saved.store.ledger().pending("ops"))
        .map(all -> all.size())
        .isEqualTo(Optional.of(0));
    assertThat(saved.store.alerts().open()).hasSize(2);
  }
}
