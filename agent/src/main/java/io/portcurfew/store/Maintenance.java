package io.portcurfew.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** Periodic work: when the times are saved, and the deletion of old history. */
final class Maintenance {

  /** The time for which history is kept. */
  static final Duration HISTORY = Duration.ofDays(90);

  /** The time for which a refusal is reported. */
  static final Duration REFUSED = Duration.ofHours(1);

  /** The maximum size of the database; the oldest rows are deleted first. */
  static final long MOST_BYTES = 200L << 20;

  private static final Duration EVERY = Duration.ofMinutes(5);

  /** The interval of deletion, which reads every row. */
  private static final Duration DELETE_EVERY = Duration.ofHours(1);

  /**
   * Outboxes give up after seven days; what is pending for longer has no receiver in the config.
   */
  private static final Duration PENDING = Duration.ofDays(8);

  private Duration last;
  private boolean first = true;
  private Duration lastDeletion;

  Maintenance(Duration now) {
    last = now.minus(EVERY);
    lastDeletion = now.minus(DELETE_EVERY);
  }

  boolean isDue(Duration now) {
    return now.minus(last).compareTo(EVERY) >= 0;
  }

  /** Records a run; returns what it has to write. */
  WriteQueue.Step step(Duration now, Instant wall, FolderTimes times) {
    boolean delete = done(now);
    Instant proven = times.forRetention(wall);
    return to -> {
      times.save(to);
      if (delete) {
        delete(to, proven, times.total());
      }
    };
  }

  /** Returns true if old history is to be deleted. */
  private boolean done(Duration now) {
    boolean delete = !first && now.minus(lastDeletion).compareTo(DELETE_EVERY) >= 0;
    first = false;
    last = now;
    lastDeletion = delete ? now : lastDeletion;
    return delete;
  }

  /**
   * Deletes old history, and gives up what no receiver of the config waits for.
   *
   * @param at the time by the {@link RetentionClock}
   */
  static void delete(RowWriter to, Instant at, Duration lived) throws SQLException {
    if (lived.compareTo(PENDING) > 0) {
      to.giveUp(lived.minus(PENDING), at, "no receiver took it for " + PENDING.toDays() + " days");
    }
    new Retention(to.sql()).before(at.minus(HISTORY));
  }

  static boolean isOld(Instant at, Instant now) {
    return Duration.between(at, now).abs().compareTo(REFUSED) > 0;
  }
}
