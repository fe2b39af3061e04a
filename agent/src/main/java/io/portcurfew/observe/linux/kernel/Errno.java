package io.portcurfew.observe.linux.kernel;

/** Error numbers of the kernel: asm-generic/errno-base.h and asm-generic/errno.h. */
public final class Errno {

  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  static final int ENODEV = 19;
  static final int ENOTDIR = 20;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  static final int ENOTTY = 25;
  public static final int ENOSYS = 38;
  static final int EPROTONOSUPPORT = 93;
  public static final int EOPNOTSUPP = 95;
  public static final int EAFNOSUPPORT = 97;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENOBUFS = 105;
  public static final int ESTALE = 116;

  private Errno() {}

  /** Describes the error in words for an administrator. */
  public static String describe(int errno) {
    return switch (errno) {
      case EPERM -> "not permitted (EPERM)";
      case ENOENT -> "does not exist (ENOENT)";
      case ESRCH -> "no such process (ESRCH)";
      case EINTR -> "interrupted (EINTR)";
      case EAGAIN -> "no answer in time (EAGAIN)";
      case ENOMEM -> "out of memory (ENOMEM)";
      case EACCES -> "permission denied (EACCES)";
      case EBUSY -> "busy (EBUSY)";
      case ENODEV -> "no such device (ENODEV)";
      case ENOTDIR -> "not a directory (ENOTDIR)";
      case EINVAL -> "invalid argument (EINVAL)";
      case ENFILE -> "too many open files on the host (ENFILE)";
      case EMFILE -> "too many open files (EMFILE)";
      case ENOTTY -> "unknown request (ENOTTY)";
      case ENOSYS -> "not in this kernel (ENOSYS)";
      case EPROTONOSUPPORT -> "protocol not in this kernel (EPROTONOSUPPORT)";
      case EOPNOTSUPP -> "not supported (EOPNOTSUPP)";
      case EAFNOSUPPORT -> "address family not in this kernel (EAFNOSUPPORT)";
      case EADDRINUSE -> "address in use (EADDRINUSE)";
      case EADDRNOTAVAIL -> "address not on this host (EADDRNOTAVAIL)";
      case ENOBUFS -> "answer lost, no buffer space (ENOBUFS)";
      case ESTALE -> "replaced by another one (ESTALE)";
      default -> "error " + errno;
    };
  }
}
