package io.portcurfew.store;

import io.portcurfew.process.Ticker;
import io.portcurfew.store.sql.Row;
import io.portcurfew.store.sql.Table;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The times of a state folder over all agents that ran on it: how long they ran, when the last scan
 * saw the host, and the time by which history is deleted. Not for two threads at once.
 */
final class FolderTimes {

  /** The row of the table {@code life} with the running time and the last scan. */
  private static final int TIMES = 1;

  /** The row with the time of the {@link RetentionClock}, which 0.1.0 does not have. */
  private static final int PROVEN = 2;

  private final Ticker ticker;
  private final Duration opened;
  private final RetentionClock retention;
  private Duration before = Duration.ZERO;
  private Instant lastScan;

  FolderTimes(Instant now, Ticker ticker) {
    this.ticker = ticker;
    this.opened = ticker.elapsed();
    this.retention = new RetentionClock(opened);
    this.lastScan = now;
  }

  /**
   * Reads the times of earlier runs.
   *
   * @param late true if this run has scanned meanwhile
   */
  void read(RowWriter from, Instant now, boolean late) throws SQLException {
    Optional<Row> times = from.sql().one(Table.LIFE, "WHERE id = ?", TIMES);
    Optional<Row> proven = from.sql().one(Table.LIFE, "WHERE id = ?", PROVEN);
    Instant newest =
        from.sql()
            .one(Table.CHAIN, "ORDER BY seq DESC")
            .map(entry -> Instant.ofEpochMilli(entry.number(1)))
            .orElse(now);
    before = times.map(row -> Duration.ofMillis(row.number(1))).orElse(Duration.ZERO);
    Instant scannedBefore = times.flatMap(FolderTimes::moment).orElse(now);
    retention.continueFrom(
        proven
            .flatMap(FolderTimes::moment)
            .orElse(scannedBefore.isAfter(newest) ? newest : scannedBefore));
    lastScan = late ? lastScan : scannedBefore;
  }

  private static Optional<Instant> moment(Row row) {
    return Optional.ofNullable(row.numberOr(2)).map(Instant::ofEpochMilli);
  }

  /** The running time of this agent. */
  Duration ofThisRun() {
    return ticker.elapsed().minus(opened);
  }

  /** The total running time of the agents on this folder. */
  Duration total() {
    return total(ofThisRun());
  }

  /** The same after so much of this run; the time of earlier runs may be known only later. */
  Duration total(Duration ofThisRun) {
    return before.plus(ofThisRun);
  }

  /** The time of the last scan that saw the whole host, also of an earlier run. */
  Instant lastScan() {
    return lastScan;
  }

  /** A scan saw the whole host. */
  void scanned(Instant at) {
    lastScan = at;
  }

  /** The time by which history is deleted. */
  Instant forRetention(Instant wall) {
    return retention.at(wall, ticker.elapsed());
  }

  /** Saves the times. */
  void save(RowWriter to) throws SQLException {
    to.sql().put(Table.LIFE, TIMES, total().toMillis(), lastScan.toEpochMilli());
    Instant proven = retention.proven();
    if (proven != null) {
      to.sql().put(Table.LIFE, PROVEN, 0, proven.toEpochMilli());
    }
  }
}
