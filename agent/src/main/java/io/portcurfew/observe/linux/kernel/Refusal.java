package io.portcurfew.observe.linux.kernel;

import java.util.Set;

/**
 * The errors by which a system call answers "no". Every other error leaves the question open, since
 * a seccomp filter, a security module or an exhausted kernel may return it; it becomes a gap.
 */
public enum Refusal {
  /** openat(2), statx(2), readlinkat(2): the path does not exist. */
  PATH(Errno.ENOENT, Errno.ENOTDIR),

  /** openat(2), readlinkat(2), getdents64(2) and read(2) below /proc/PID: the process has ended. */
  PROCESS(Errno.ENOENT, Errno.ESRCH),

  /** setns(2): missing capability. The namespace stays unknown, but the cause is known. */
  ENTRY(Errno.EPERM),

  /** sendto(2), recvfrom(2), socket(2), of sock_diag: this kernel lacks the protocol. */
  PROTOCOL(Errno.ENOENT, Errno.EPROTONOSUPPORT, Errno.EOPNOTSUPP, Errno.EAFNOSUPPORT),

  /**
   * sock_diag for one socket: it does not exist, or for UDP another one has its address
   * (udp_dump_one).
   */
  SOCKET(Errno.ENOENT, Errno.ESTALE),

  /** bind(2): the port is in use. */
  FREE_PORT(Errno.EADDRINUSE),

  /** nfnetlink_rcv_msg: the module nf_tables is not loaded, so no rule of it exists. */
  NFTABLES(Errno.EINVAL, Errno.EPROTONOSUPPORT, Errno.EOPNOTSUPP, Errno.EAFNOSUPPORT),

  /** bpf(2), BPF_PROG_QUERY: this kernel lacks the hook, or the interface is gone. */
  HOOK(Errno.EINVAL, Errno.ENODEV),

  /** RTM_GETQDISC and RTM_GETTFILTER: this kernel has no tc, or the interface is gone. */
  TRAFFIC(Errno.EOPNOTSUPP, Errno.EINVAL, Errno.ENODEV),

  /** ioctl(2), NS_GET_NSTYPE: the file is no namespace. */
  NAMESPACE(Errno.ENOTTY);

  @SuppressWarnings("ImmutableEnumChecker") // Set.of returns an immutable set.
  private final Set<Integer> errors;

  Refusal(Integer... errors) {
    this.errors = Set.of(errors);
  }

  /** Returns true if this error means "no". */
  public boolean is(int errno) {
    return errors.contains(errno);
  }
}
