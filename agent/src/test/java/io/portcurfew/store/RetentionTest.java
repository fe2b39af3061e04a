package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SummaryFolding;
import io.portcurfew.store.sql.RowSeal;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.tags.HeavyLoad;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {

  private static final long MOST = 1L << 19;

  @TempDir private Path folder;

  private long stayWithin(long bytes) throws Exception {
    try (Sql sql = Database.beside(folder, RowSeal.existing(folder))) {
      sql.transaction(() -> new Retention(sql).stayWithin(bytes));
      long pages = sql.number("PRAGMA page_count") - sql.number("PRAGMA freelist_count");
      return pages * sql.number("PRAGMA page_size");
    }
  }

  /** Alerts that start and end; both receivers get them, but for the last round. */
  private static void flood(StoreFixture saved, int rounds) {
    for (int round = 0; round < rounds; round++) {
      saved.scan(IntStream.rangeClosed(1, 100).toArray());
      saved.scan();
      if (round < rounds - 1) {
        StoreFixture.RECEIVERS.forEach(receiver -> fold(saved, receiver));
        saved.sent.clear();
      }
      saved.pass(Duration.ofMinutes(20));
    }
  }

  private static void fold(StoreFixture saved, String receiver) {
    Notification summary = SummaryFolding.of(saved.sent);
    saved.store.ledger().folded(receiver, saved.sent, summary);
    saved.store.ledger().delivered(receiver, summary, 1);
  }

  @Test
  @HeavyLoad
  void flood_deletesTheOldestButNothingPending() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      flood(saved, 5);
      List<String> pending = saved.pending("ops");
      assertThat(pending).hasSize(200);
      assertThat(stayWithin(MOST)).isLessThan(MOST);

      assertThat(saved.store.unbalanced()).isEmpty();
      assertThat(StoreCheck.broken(folder)).isNull();
      saved.restart();
      assertThat(saved.store.state().damaged()).isEmpty();
      assertThat(saved.pending("ops")).isEqualTo(pending);
      try (History history = History.in(folder)) {
        assertThat(history.verify(null).first()).isGreaterThan(1);
        assertThat(history.verify(null).entries()).isPositive();
      }
    }
  }

  @Test
  void clockSetFarBack_doesNotStopDeletion() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      flood(saved, 3);
      saved.now = saved.now.minus(Duration.ofDays(3650));
      flood(saved, 2);
      assertThat(stayWithin(MOST)).isLessThan(MOST);
    }
  }

  @Test
  void belowTheLimit_nothingIsDeleted() throws Exception {
    try (StoreFixture saved = StoreFixture.in(folder)) {
      flood(saved, 2);
      stayWithin(200L << 20);
      try (History history = History.in(folder)) {
        assertThat(history.verify(null).first()).isEqualTo(1);
      }
    }
  }
}
