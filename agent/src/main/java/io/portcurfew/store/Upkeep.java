package io.portcurfew.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is done now and then: the clock of the agent's life is written, and old history forgotten.
 */
final class Upkeep {

  /** How long history is kept, and that something was refused is told. */
  static final Duration HISTORY = Duration.ofDays(90);

  static final Duration REFUSED = Duration.ofHours(1);

  /** The most that the database holds; the oldest goes first. */
  static final long MOST_BYTES = 200L << 20;

  private static final Duration EVERY = Duration.ofMinutes(5);

  /** The clock of the host may be set; history that was forgotten because of it does not return. */
  private static final Duration SLACK = Duration.ofHours(1);

  private Duration last;
  private @Nullable Instant lastAt;

  Upkeep(Duration now) {
    last = now.minus(EVERY);
  }

  boolean isDue(Duration now) {
    return now.minus(last).compareTo(EVERY) >= 0;
  }

  /** Remembers that it was done; gives whether the clock of the host went as fast as time. */
  boolean done(Duration now, Instant at) {
    Instant before = lastAt;
    Duration passed = now.minus(last);
    last = now;
    lastAt = at;
    return before != null && Duration.between(before, at).minus(passed).abs().compareTo(SLACK) < 0;
  }

  static void run(Records to, Instant at, Duration lived, Instant looked, boolean forget)
      throws SQLException {
    to.sql().put(Table.LIFE, 1, lived.toMillis(), looked.toEpochMilli());
    if (!forget) {
      return;
    }
    Duration kept = HISTORY;
    while (forget(to.sql(), at.minus(kept)) > MOST_BYTES && kept.toSeconds() > 0) {
      kept = kept.dividedBy(2);
    }
  }

  /** Forgets what ended before; gives how many bytes are in use. */
  private static long forget(Sql sql, Instant before) throws SQLException {
    long end = before.toEpochMilli();
    sql.change(
        "DELETE FROM delivery WHERE state <> 'pending' AND notification IN"
            + " (SELECT seq FROM notification n WHERE made < ? AND NOT EXISTS (SELECT 1 FROM"
            + " delivery d WHERE d.notification = n.seq AND d.state = 'pending'))",
        end);
    sql.change(
        "DELETE FROM notification WHERE made < ?"
            + " AND seq NOT IN (SELECT notification FROM delivery)",
        end);
    sql.change("DELETE FROM alert WHERE ends < ?", end);
    sql.change("DELETE FROM sight WHERE last < ?", end);
    sql.change("DELETE FROM silence WHERE ends < ?", end);
    new Chain(sql).forget(before);
    sql.change(
        "DELETE FROM body WHERE id NOT IN"
            + " (SELECT body FROM alert UNION ALL SELECT body FROM notification)");
    return inUse(sql);
  }

  private static long inUse(Sql sql) throws SQLException {
    long pages = sql.number("PRAGMA page_count") - sql.number("PRAGMA freelist_count");
    return pages * sql.number("PRAGMA page_size");
  }

  static boolean isOld(Instant at, Instant now) {
    return Duration.between(at, now).abs().compareTo(REFUSED) > 0;
  }
}
