package io.portcurfew.store;

import io.portcurfew.store.sql.Table;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Periodic work: saving the agent's running time and deleting old history. */
final class Maintenance {

  /** How long history is kept. */
  static final Duration HISTORY = Duration.ofDays(90);

  /** How long a refusal is reported. */
  static final Duration REFUSED = Duration.ofHours(1);

  /** The maximum size of the database; the oldest rows are deleted first. */
  static final long MOST_BYTES = 200L << 20;

  private static final Duration EVERY = Duration.ofMinutes(5);

  /** The interval of deletion, which reads every row. */
  private static final Duration DELETE_EVERY = Duration.ofHours(1);

  /**
   * A greater step of the clock stops deletion: history that was deleted because of it would not
   * return.
   */
  private static final Duration SLACK = Duration.ofHours(1);

  private Duration last;
  private @Nullable Instant lastAt;
  private Duration lastDeletion;

  Maintenance(Duration now) {
    last = now.minus(EVERY);
    lastDeletion = now.minus(DELETE_EVERY);
  }

  boolean isDue(Duration now) {
    return now.minus(last).compareTo(EVERY) >= 0;
  }

  /**
   * Records a run; returns true if old history is to be deleted: at its interval, and not after a
   * step of the clock.
   */
  boolean done(Duration now, Instant at) {
    Instant before = lastAt;
    Duration passed = now.minus(last);
    last = now;
    lastAt = at;
    boolean delete =
        before != null
            && now.minus(lastDeletion).compareTo(DELETE_EVERY) >= 0
            && Duration.between(before, at).minus(passed).abs().compareTo(SLACK) < 0;
    lastDeletion = delete ? now : lastDeletion;
    return delete;
  }

  static void run(RowWriter to, Instant at, Duration lived, Instant lastScan, boolean delete)
      throws SQLException {
    to.sql().put(Table.LIFE, 1, lived.toMillis(), lastScan.toEpochMilli());
    if (!delete) {
      return;
    }
    new Retention(to.sql()).before(at.minus(HISTORY));
  }

  static boolean isOld(Instant at, Instant now) {
    return Duration.between(at, now).abs().compareTo(REFUSED) > 0;
  }
}
