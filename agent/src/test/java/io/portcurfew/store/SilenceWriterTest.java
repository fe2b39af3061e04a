package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.alert.Silence;
import io.portcurfew.store.sql.RowSeal;
import io.portcurfew.store.sql.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SilenceWriterTest {

  @TempDir private Path folder;

  private static Silence silence(String id, Instant from) {
    Instant until = from.plus(Duration.ofHours(2));
    return new Silence(
        id, null, StoreFixture.finding(611).endpoint(), from, until, "ann", "move \"db\"\nx");
  }

  private boolean add(Silence silence) throws Exception {
    try (SilenceWriter writer = SilenceWriter.in(folder)) {
      return writer.add(silence);
    }
  }

  private boolean end(String id, Instant now) throws Exception {
    try (SilenceWriter writer = SilenceWriter.in(folder)) {
      return writer.end(id, now, "bob");
    }
  }

  @Test
  void runningAgent_obeysASilenceOfACommand() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      Silence one = silence("s1", saved.now);
      assertThat(saved.store.silences(saved.now).active()).isEmpty();
      assertThat(add(one)).isTrue();
      assertThat(saved.store.silences(saved.now).active()).containsExactly(one);
      assertThat(saved.store.silences(one.endsAt()).active()).isEmpty();
      saved.scan(612);
      assertThat(end("s1", saved.now)).isTrue();
      assertThat(saved.store.silences(saved.now).active()).isEmpty();
      assertThat(end("s1", saved.now)).as("it is over").isFalse();
    }
  }

  @Test
  void nextAgent_obeysASilenceWrittenBefore() throws Exception {
    StoreFixture.in(folder).close();
    Silence one = silence("s1", StoreFixture.NOON);
    add(one);
    try (StoreFixture saved = StoreFixture.in(folder)) {
      assertThat(saved.store.silences(StoreFixture.NOON).active()).containsExactly(one);
      assertThat(saved.store.state().damaged()).isEmpty();
    }
  }

  @Test
  void silencesAreLogged_andTheLogStaysIntact() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      saved.scan(611);
      add(silence("s1", saved.now));
      saved.scan(612);
      end("s1", saved.now);
      saved.scan(613);
      try (History history = History.in(folder)) {
        List<History.HistoryEntry> entries = history.entries(StoreFixture.NOON);
        assertThat(entries)
            .filteredOn(entry -> entry.what().startsWith("silence"))
            .extracting(entry -> entry.what() + " " + entry.details().text("author"))
            .containsExactly("silence ann", "silence-end bob");
        assertThat(history.verify(null).broken()).isNull();
        assertThat(saved.store.ledger().head()).isEqualTo(history.verify(null).head().toString());
      }
    }
  }

  @Test
  void replacedDatabase_hasNoSilences() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      add(silence("s1", saved.now));
      saved.store.close();
      Files.write(folder.resolve("portcurfew.db"), new byte[0]);
      saved.open();
      assertThat(saved.store.silences(saved.now).active()).isEmpty();
    }
  }

  @Test
  void silenceWithWrongSeal_isIgnored() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      saved.store.silences(saved.now);
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("portcurfew.db"));
          Statement statement = other.createStatement()) {
        statement.execute(
            "INSERT INTO silence VALUES ('x', 0, 9999999999999,"
                + " '{\"rule\":\"rule\",\"author\":\"a\",\"comment\":\"c\"}', x'00')");
      }
      assertThat(saved.store.silences(saved.now).active()).isEmpty();
    }
  }

  @Test
  void numberOfSilencesIsBounded() throws Exception {
    StoreFixture.in(folder).close();
    try (SilenceWriter writer = SilenceWriter.in(folder)) {
      for (int i = 0; i < 20; i++) {
        assertThat(writer.add(silence("s" + i, StoreFixture.NOON))).isTrue();
      }
    }
    try (Sql sql = new Sql(folder.resolve("portcurfew.db"), RowSeal.existing(folder))) {
      sql.transaction(
          () -> {
            for (int i = 20; i < SilenceWriter.MOST; i++) {
              SilenceRows.put(sql, silence("s" + i, StoreFixture.NOON));
            }
          });
    }
    assertThat(add(silence("one-too-many", StoreFixture.NOON))).isFalse();
    assertThat(add(silence("later", StoreFixture.NOON.plus(Duration.ofHours(3))))).isTrue();
  }

  @Test
  void withoutAnAgent_nothingIsCreated() throws Exception {
    assertThatThrownBy(() -> SilenceWriter.in(folder)).isInstanceOf(History.Unreadable.class);
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }
}
