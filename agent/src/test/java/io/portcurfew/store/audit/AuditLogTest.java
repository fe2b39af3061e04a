package io.portcurfew.store.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.store.History;
import io.portcurfew.store.StoreFixture;
import io.portcurfew.store.sql.RowSeal;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.store.sql.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

  @TempDir private Path folder;
  private StoreFixture saved;
  private boolean runs = true;

  @BeforeEach
  void fill() {
    saved = StoreFixture.in(folder);
    saved.store.audit().enter("start", Map.of("version", "1"));
    saved.scan(611, 612);
    saved.scan(611);
    saved.scan(613);
  }

  @AfterEach
  void stop() throws Exception {
    if (runs) {
      saved.close();
    }
    runs = false;
  }

  private void start() {
    saved.open();
    runs = true;
  }

  private VerificationResult verify(LogHead copy) throws Exception {
    try (History history = History.in(folder)) {
      return history.verify(copy);
    }
  }

  private LogHead head() {
    return LogHead.parse(saved.store.ledger().head()).orElseThrow();
  }

  /** Changes the file and repairs every seal, as an attacker with the key can. */
  private void asRoot(String... statements) throws Exception {
    stop();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
    try (Sql sql = new Sql(file(), RowSeal.existing(folder))) {
      sql.run("CREATE TABLE copy AS SELECT seq, at, what, json, hash FROM chain");
      for (String row : sql.texts("SELECT seq FROM copy")) {
        reseal(sql, Long.parseLong(row));
      }
      sql.run("DROP TABLE copy");
    }
  }

  private static void reseal(Sql sql, long seq) throws Exception {
    List<String> rest =
        List.of("at", "what", "json", "hash").stream().map(c -> one(sql, c, seq)).toList();
    sql.put(Table.CHAIN, seq, Long.parseLong(rest.get(0)), rest.get(1), rest.get(2), rest.get(3));
  }

  private static String one(Sql sql, String column, long seq) {
    try {
      return sql.texts("SELECT " + column + " FROM copy WHERE seq = " + seq).get(0);
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path file() {
    return folder.resolve("portcurfew.db");
  }

  @Test
  void everyChangeIsAnEntryInOrder() throws Exception {
    try (History history = History.in(folder)) {
      List<History.HistoryEntry> entries = history.entries(StoreFixture.NOON);
      assertThat(entries)
          .extracting(History.HistoryEntry::what)
          .containsExactly("begun", "start", "alert", "alert", "alert", "alert", "alert");
      assertThat(entries.subList(2, 7))
          .extracting(entry -> entry.details().textOr("told"))
          .containsExactly("first", "first", "resolved", "first", "resolved");
      assertThat(history.verify(null)).isEqualTo(new VerificationResult(1, head(), null));
      assertThat(head().entry()).isEqualTo(7);
    }
  }

  @Test
  void hashesCanBeCheckedByHand() throws Exception {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM chain ORDER BY seq")) {
      String before = "0".repeat(64);
      while (rows.next()) {
        String lines =
            before
                + "\n"
                + rows.getLong("seq")
                + "\n"
                + rows.getLong("at")
                + "\n"
                + rows.getString("what")
                + "\n"
                + rows.getString("json");
        byte[] hash =
            MessageDigest.getInstance("SHA-256").digest(lines.getBytes(StandardCharsets.UTF_8));
        before = HexFormat.of().formatHex(hash);
        assertThat(rows.getString("hash")).isEqualTo(before);
      }
      assertThat(head().hash()).isEqualTo(before);
    }
  }

  @Test
  void changedEntryWithAValidSeal_isNamed() throws Exception {
    asRoot("UPDATE chain SET json = replace(json, 'first', 'never') WHERE seq = 4");
    assertThat(verify(null).broken()).isEqualTo("entry 4 was changed");
    assertThat(verify(null).entries()).isEqualTo(3);
  }

  @Test
  void changedEntryWithoutTheKey_isNamed() throws Exception {
    stop();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      statement.execute("UPDATE chain SET at = at + 1 WHERE seq = 5");
    }
    assertThat(verify(null).broken()).isEqualTo("entry 5 was changed");
  }

  @Test
  void removedEntries_areNamed() throws Exception {
    asRoot("DELETE FROM chain WHERE seq IN (3, 4)");
    assertThat(verify(null).broken()).isEqualTo("entry 3 is missing");
  }

  @Test
  void cutStartAndCutEnd_areNamed() throws Exception {
    asRoot("DELETE FROM chain WHERE seq < 3");
    assertThat(verify(null).broken()).isEqualTo("entry 1 is missing");
    asRoot("DELETE FROM chain WHERE seq < 9");
    assertThat(verify(null).broken()).startsWith("entry 1 is missing");
  }

  @Test
  void cutEnd_isNamed() throws Exception {
    asRoot("DELETE FROM chain WHERE seq > 5");
    assertThat(verify(null).broken()).isEqualTo("entry 6 is missing: the log ends at entry 7");
  }

  @Test
  void restoredOldDatabase_isRevealedByALaterHead() throws Exception {
    stop();
    byte[] old = Files.readAllBytes(file());
    start();
    saved.scan(614);
    LogHead copy = head();
    stop();
    Files.write(file(), old);

    assertThat(verify(null).broken()).isNull();
    assertThat(verify(copy).broken()).isEqualTo("entry 8 is missing: the given head is entry 9");
  }

  @Test
  void rewrittenLog_isRevealedByAKeptHead() throws Exception {
    LogHead copy = head();
    assertThat(verify(copy).broken()).isNull();
    LogHead other = new LogHead(copy.entry(), "f".repeat(64));
    assertThat(verify(other).broken()).isEqualTo("entry 7 differs from the given head");
    assertThat(verify(new LogHead(3, "f".repeat(64))).broken())
        .isEqualTo("entry 3 differs from the given head");
  }

  @Test
  void deletedEntries_leaveAnIntactLog() throws Exception {
    for (int day = 0; day < 92; day++) {
      saved.pass(Duration.ofDays(1));
      saved.store.maintain();
    }
    saved.scan(613, 614);
    LogHead head = head();
    saved.pass(Duration.ofDays(1));
    saved.store.maintain();

    VerificationResult proof = verify(head);
    assertThat(proof.broken()).isNull();
    assertThat(proof.first()).isGreaterThan(1);
    assertThat(proof.head()).isEqualTo(head);
    assertThat(verify(new LogHead(1, "f".repeat(64))).broken()).contains("too old");
    saved.restart();
    assertThat(saved.store.state().damaged()).isEmpty();
  }

  @Test
  void replacementOfADamagedDatabaseIsLogged() throws Exception {
    stop();
    Files.write(file(), new byte[0]);
    start();

    try (History history = History.in(folder)) {
      assertThat(history.entries(StoreFixture.NOON).get(0).details().text("because"))
          .isEqualTo("the previous one was damaged: it is empty");
    }
  }
}
