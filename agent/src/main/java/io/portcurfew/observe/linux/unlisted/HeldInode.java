package io.portcurfew.observe.linux.unlisted;

import io.portcurfew.observe.linux.kernel.UserGroup;
import java.time.Duration;

/**
 * A socket at a descriptor of a process.
 *
 * @param protocol the kernel's name of it
 * @param creator the user who created the socket, or {@link UserGroup#UNKNOWN}
 * @param since when it was seen first, on the monotonic clock
 */
record HeldInode(
    long inode, int pid, int descriptor, String protocol, long creator, Duration since) {

  /** Returns the group of the user who created the socket. */
  long user() {
    return UserGroup.of(creator);
  }
}
