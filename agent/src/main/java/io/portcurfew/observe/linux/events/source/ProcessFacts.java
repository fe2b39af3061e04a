package io.portcurfew.observe.linux.events.source;

import org.jspecify.annotations.Nullable;

/**
 * The facts that the kernel reported of a process, which may have ended since.
 *
 * @param time since when it runs the program, in nanoseconds of the kernel's monotonic clock
 * @param network the inode of its network namespace; 0 if unknown
 * @param mounts the inode of its mount namespace; 0 if unknown
 * @param users the inode of its user namespace; 0 if unknown
 */
record ProcessFacts(@Nullable Program program, long time, long network, long mounts, long users) {

  /** Nothing. */
  static final ProcessFacts NONE = new ProcessFacts(null, Long.MIN_VALUE, 0, 0, 0);

  ProcessFacts with(@Nullable Program other, long since) {
    return new ProcessFacts(other, since, network, mounts, users);
  }

  ProcessFacts in(long otherNetwork, long otherMounts, long otherUsers) {
    return new ProcessFacts(program, time, otherNetwork, otherMounts, otherUsers);
  }
}
