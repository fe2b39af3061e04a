package io.portcurfew.store;

import io.portcurfew.store.sql.Table;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is done now and then: the clock of the agent's life is written, and old history forgotten.
 */
final class Maintenance {

  /** How long history is kept, and that something was refused is told. */
  static final Duration HISTORY = Duration.ofDays(90);

  static final Duration REFUSED = Duration.ofHours(1);

  /** The most that the database holds; the oldest goes first. */
  static final long MOST_BYTES = 200L << 20;

  private static final Duration EVERY = Duration.ofMinutes(5);

  /** How often what is old is forgotten, which takes a look at every row. */
  private static final Duration FORGET_EVERY = Duration.ofHours(1);

  /** The clock of the host may be set; history that was forgotten because of it does not return. */
  private static final Duration SLACK = Duration.ofHours(1);

  private Duration last;
  private @Nullable Instant lastAt;
  private Duration forgot;

  Maintenance(Duration now) {
    last = now.minus(EVERY);
    forgot = now.minus(FORGET_EVERY);
  }

  boolean isDue(Duration now) {
    return now.minus(last).compareTo(EVERY) >= 0;
  }

  /**
   * Remembers that it was done; gives whether what is old is to be forgotten: now and then, and not
   * where the clock of the host was set.
   */
  boolean done(Duration now, Instant at) {
    Instant before = lastAt;
    Duration passed = now.minus(last);
    last = now;
    lastAt = at;
    boolean forget =
        before != null
            && now.minus(forgot).compareTo(FORGET_EVERY) >= 0
            && Duration.between(before, at).minus(passed).abs().compareTo(SLACK) < 0;
    forgot = forget ? now : forgot;
    return forget;
  }

  static void run(RowWriter to, Instant at, Duration lived, Instant looked, boolean forget)
      throws SQLException {
    to.sql().put(Table.LIFE, 1, lived.toMillis(), looked.toEpochMilli());
    if (!forget) {
      return;
    }
    new Retention(to.sql()).before(at.minus(HISTORY));
  }

  static boolean isOld(Instant at, Instant now) {
    return Duration.between(at, now).abs().compareTo(REFUSED) > 0;
  }
}
