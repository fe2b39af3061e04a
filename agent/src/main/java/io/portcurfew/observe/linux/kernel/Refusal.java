package io.portcurfew.observe.linux.kernel;

import java.util.Set;

/**
 * The errors by which a system call says no. Every other error says nothing of what was asked: a
 * seccomp filter, a security module or an exhausted kernel answers it too, and it becomes a gap.
 */
public enum Refusal {
  /** openat(2), statx(2), readlinkat(2): nothing has this path. */
  PATH(Errno.ENOENT, Errno.ENOTDIR),

  /** openat(2), readlinkat(2), getdents64(2) and read(2) below /proc/PID: it has ended. */
  PROCESS(Errno.ENOENT, Errno.ESRCH),

  /** setns(2): no right. Without it nothing is known of the namespace, but the cause is. */
  ENTRY(Errno.EPERM),

  /** sendto(2), recvfrom(2), socket(2), of sock_diag: this kernel does not have the protocol. */
  PROTOCOL(Errno.ENOENT, Errno.EPROTONOSUPPORT, Errno.EOPNOTSUPP, Errno.EAFNOSUPPORT),

  /** sock_diag, asked for one socket: none, or for UDP another one, is there (udp_dump_one). */
  SOCKET(Errno.ENOENT, Errno.ESTALE),

  /** bind(2): the port is taken. */
  FREE_PORT(Errno.EADDRINUSE),

  /** ioctl(2), NS_GET_NSTYPE: it is no namespace. */
  NAMESPACE(Errno.ENOTTY);

  @SuppressWarnings("ImmutableEnumChecker") // Set.of gives an immutable set.
  private final Set<Integer> errors;

  Refusal(Integer... errors) {
    this.errors = Set.of(errors);
  }

  /** Whether this error means no. */
  public boolean is(int errno) {
    return errors.contains(errno);
  }
}
