package io.portcurfew.observe.linux.unlisted;

import java.time.Duration;

/**
 * A socket at a descriptor of a process.
 *
 * @param protocol the kernel's name of it
 * @param user the group of the user who created the socket
 * @param since when it was seen first, on the monotonic clock
 */
record HeldInode(long inode, int pid, int descriptor, String protocol, long user, Duration since) {}
