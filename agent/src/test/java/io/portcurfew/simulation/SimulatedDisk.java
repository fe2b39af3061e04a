package io.portcurfew.simulation;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** The disk of the state folder, which may refuse writes or reads, and may be locked by others. */
final class SimulatedDisk {

  /** An agent writes what it kept in memory within this time after a fault. */
  static final Duration RECOVERY = Duration.ofSeconds(31);

  private final SteppedTime time;
  private final Path folder;
  private Path state;
  private int copies;
  private boolean refusesWrites;
  private boolean failsReads;
  private boolean failsReadsOnceOpen;
  private boolean blocked;
  private Duration wroteAt = Duration.ZERO;

  SimulatedDisk(Path folder, SteppedTime time) {
    this.time = time;
    this.folder = folder;
    this.state = StateFiles.create(folder.resolve("state-0"));
  }

  /** The state folder of the running agent. */
  Path state() {
    return state;
  }

  /** True if another process could open the database and write into it. */
  boolean isUsable() {
    return !blocked && !refusesWrites && StateFiles.hasDatabase(state);
  }

  boolean isBlocked() {
    return blocked;
  }

  boolean refusesWrites() {
    return refusesWrites;
  }

  /** True if the agent may hold changes in memory only. */
  boolean mayLose() {
    return blocked
        || refusesWrites
        || time.elapsed().minus(wroteAt).compareTo(RECOVERY.minusSeconds(1)) < 0;
  }

  /** Ends every fault. */
  String allowWrites() {
    unblock();
    allowReads();
    if (refusesWrites) {
      StateFiles.allowWrites(state);
      refusesWrites = false;
      wroteAt = time.elapsed();
    }
    return "the disk takes writes";
  }

  String refuseWrites(Random random) {
    if (!blocked) {
      StateFiles.refuseWrites(state, random);
      refusesWrites = true;
    }
    return "the disk refuses writes";
  }

  /** Writes of deliveries fail from now on. */
  void refuseDeliveries() {
    if (isUsable()) {
      StateFiles.refuseWrites(state, "delivery");
      refusesWrites = true;
    }
  }

  /** The next agent can open the database, and then read no notification. */
  void failReadsOnceOpen() {
    failsReadsOnceOpen = true;
  }

  /** An agent has opened the database. */
  void opened() {
    if (failsReadsOnceOpen && isUsable()) {
      StateFiles.failReads(state);
      failsReads = true;
    }
    failsReadsOnceOpen = false;
  }

  void allowReads() {
    if (failsReads) {
      StateFiles.allowReads(state);
      failsReads = false;
    }
  }

  /** The database cannot be opened from now on. */
  void block() {
    StateFiles.block(state);
    blocked = true;
  }

  void unblock() {
    if (blocked) {
      StateFiles.unblock(state);
      blocked = false;
      wroteAt = time.elapsed();
    }
  }

  /** Removes the database; false if it cannot be removed now. */
  boolean removeDatabase() {
    if (blocked) {
      return false;
    }
    // Else the removed file would refuse them for ever.
    allowWrites();
    StateFiles.removeDatabase(state);
    return true;
  }

  /** The state folder is from now on as an agent leaves it that is killed at this moment. */
  Path copyAfterKill(Random random) {
    Path before = state;
    state = StateFiles.copyAfterKill(before, folder.resolve("state-" + ++copies), random);
    blocked = false;
    return before;
  }

  /** Another process holds the write lock of the database for less time than the agent waits. */
  void lockForAMoment() {
    StateFiles.lockForAMoment(state);
  }

  /** Another process holds it during this work. */
  void whileLocked(Runnable work) {
    StateFiles.whileLocked(state, work);
    wroteAt = time.elapsed();
  }
}
