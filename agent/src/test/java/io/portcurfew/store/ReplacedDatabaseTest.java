package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.portcurfew.alert.Alert;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Removes and replaces files of an open database. */
class ReplacedDatabaseTest {

  @TempDir private Path folder;
  private final Logger logger = (Logger) LoggerFactory.getLogger(Store.class);

  @BeforeEach
  void quiet() {
    logger.setLevel(Level.OFF);
  }

  @AfterEach
  void logAgain() {
    logger.setLevel(null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"portcurfew.db", "portcurfew.db-wal", "key"})
  void removedFile_isReportedAndTheDatabaseWrittenAnew(String name) throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      saved.scan(611);
      Files.delete(folder.resolve(name));
      expectNew(saved);
    }
  }

  @Test
  void replacedFile_isReportedAndTheDatabaseWrittenAnew() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      saved.scan(611);
      Path copy = Files.copy(folder.resolve("portcurfew.db"), folder.resolve("copy"));
      Files.move(copy, folder.resolve("portcurfew.db"), StandardCopyOption.REPLACE_EXISTING);
      expectNew(saved);
    }
  }

  @Test
  void fileRemovedWhileNothingCanBeWritten_isNoticedToo() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      saved.scan(611);
      change("CREATE TRIGGER full BEFORE INSERT ON chain BEGIN SELECT RAISE(ABORT, 'full'); END");
      saved.store.audit().enter("gap", Map.of());
      assertThat(saved.store.state().writable()).isFalse();
      change("DROP TRIGGER full");
      Files.delete(folder.resolve("portcurfew.db"));
      saved.scan(611);
      saved.pass(Duration.ofSeconds(10));
      saved.scan(611);
      expectNew(saved);
    }
  }

  private void change(String sql) throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("portcurfew.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void expectNew(StoreFixture saved) throws Exception {
    saved.store.checkFiles();
    assertThat(saved.store.state().damaged()).hasSize(1);
    assertThat(saved.store.state().why()).isNull();
    try (History history = History.in(folder)) {
      assertThat(history.alerts(StoreFixture.NOON))
          .extracting(Alert::id)
          .containsExactly(saved.firing(611).id());
      assertThat(history.verify(null).broken()).isNull();
    }
    saved.store.checkFiles();
    assertThat(saved.store.state().damaged()).hasSize(1);
    saved.scan(611, 612);
    saved.restart();
    assertThat(saved.store.alerts().open()).hasSize(2);
    assertThat(saved.store.state().damaged()).hasSize(1);
  }

  @Test
  void untouchedDatabase_isKept() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      saved.store.checkFiles();
      saved.scan(611);
      saved.store.checkFiles();
      saved.restart();
      saved.scan(611, 612);
      saved.store.checkFiles();
      assertThat(saved.store.state().damaged()).isEmpty();
    }
  }
}
