package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.portcurfew.observe.Listener;
import io.portcurfew.store.sql.Table;
import io.portcurfew.tags.InjectedFault;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Damages a database in every way that a disk does. Each time the store must start and report the
 * damage, unless the damage hits unused space and no data is lost.
 *
 * <p>60 variants, or the number in the property {@code portcurfew.damages}.
 */
@InjectedFault
class DamageTest {

  private static final int PAGE = 4096;
  private static final int VARIANTS = Integer.getInteger("portcurfew.damages", 60);

  @TempDir private Path folder;
  private final Logger logger = (Logger) LoggerFactory.getLogger(Store.class);
  private byte[] whole;
  private byte[] key;
  private List<String> known;

  /** A way to damage a file. */
  private interface Damage {
    void to(RandomAccessFile file, long pages) throws IOException;
  }

  @BeforeEach
  void fill() throws Exception {
    logger.setLevel(Level.OFF);
    Path made = Files.createDirectory(folder.resolve("made"));
    try (StoreFixture saved = StoreFixture.in(made)) {
      for (int round = 0; round < 4; round++) {
        saved.scan(IntStream.rangeClosed(1 + round, 40 + round).toArray());
        List<Listener> listeners =
            IntStream.rangeClosed(1, 10 + round)
                .mapToObj(
                    port ->
                        new Listener(
                            StoreFixture.finding(port).endpoint(), null, List.of(), "sock_diag"))
                .toList();
        saved.store.saveListeners(saved.snapshot(listeners));
      }
      saved.sent.subList(0, 20).forEach(one -> saved.store.ledger().delivered("ops", one, 1));
    }
    whole = Files.readAllBytes(made.resolve("portcurfew.db"));
    key = Files.readAllBytes(made.resolve("key"));
    known = rows(made.resolve("portcurfew.db"));
  }

  @AfterEach
  void logAgain() {
    logger.setLevel(null);
  }

  private boolean reports(String what, Damage damage) throws Exception {
    Path state = Files.createTempDirectory(folder, "state");
    Path file = Files.write(state.resolve("portcurfew.db"), whole);
    Files.write(state.resolve("key"), key);
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      damage.to(open, whole.length / PAGE);
    }
    try (StoreFixture saved = StoreFixture.in(state)) {
      assertThat(saved.store.state().why()).as(what).isNull();
      if (saved.store.state().damaged().isEmpty()) {
        assertThat(rows(file)).as(what + " was not reported").isEqualTo(known);
        return false;
      }
      assertThat(saved.store.alerts().all()).as(what).isEmpty();
      assertThat(saved.scan(611)).as(what).hasSize(1);
      assertThat(saved.store.unbalanced()).as(what).isEmpty();
      return true;
    }
  }

  /** All rows of all tables. */
  private static List<String> rows(Path file) throws Exception {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (Table table : Table.values()) {
        // The clock of the agent's life goes on with every start.
        if (table != Table.LIFE) {
          try (ResultSet answer =
              statement.executeQuery("SELECT * FROM " + table + " ORDER BY 1, 2")) {
            while (answer.next()) {
              rows.add(table + " " + answer.getString(1) + " " + answer.getString(2));
            }
          }
        }
      }
    }
    return rows;
  }

  @Test
  void everyOverwrittenPageIsReported() throws Exception {
    Random random = new Random(611);
    int pages = whole.length / PAGE;
    for (int i = 0; i < VARIANTS; i++) {
      int page = i % pages;
      byte[] noise = new byte[PAGE];
      random.nextBytes(noise);
      Damage overwritten =
          (file, all) -> {
            file.seek((long) page * PAGE);
            file.write(noise);
          };
      assertThat(reports("page " + page + " overwritten", overwritten)).isTrue();
    }
  }

  @Test
  void everyFlippedPageIsReported() throws Exception {
    int pages = whole.length / PAGE;
    for (int i = 0; i < Math.min(VARIANTS, pages); i++) {
      int page = i;
      Damage flipped =
          (file, all) -> {
            file.seek((long) page * PAGE);
            for (int at = page * PAGE; at < (page + 1) * PAGE; at++) {
              file.write(~whole[at]);
            }
          };
      assertThat(reports("page " + page + " flipped", flipped)).isTrue();
    }
  }

  @Test
  void flippedBit_isReportedOrHarmless() throws Exception {
    Random random = new Random(612);
    int reported = 0;
    for (int i = 0; i < VARIANTS; i++) {
      int at = i < 100 ? i : random.nextInt(whole.length);
      int bit = 1 << random.nextInt(8);
      Damage flipped =
          (file, pages) -> {
            file.seek(at);
            file.write(whole[at] ^ bit);
          };
      reported += reports("bit " + bit + " of byte " + at + " flipped", flipped) ? 1 : 0;
    }
    assertThat(reported).isPositive();
  }

  @Test
  void cutFile_isReported() throws Exception {
    int pages = whole.length / PAGE;
    for (int i = 0; i < Math.min(VARIANTS, pages); i++) {
      int left = i;
      assertThat(
              reports(
                  "cut to " + left + " pages", (file, all) -> file.setLength((long) left * PAGE)))
          .isTrue();
    }
  }

  @Test
  void foreignDatabase_isReported() throws Exception {
    byte[] other = new byte[32];
    byte[] ours = key;
    key = other;
    assertThat(reports("sealed with another key", (file, pages) -> {})).isTrue();
    key = ours;
    assertThat(reports("of a later version", (file, pages) -> write(file, 60, 99))).isTrue();
    assertThat(reports("not changed", (file, pages) -> {})).isFalse();
  }

  private static void write(RandomAccessFile file, long at, int value) throws IOException {
    file.seek(at);
    file.writeInt(value);
  }
}
