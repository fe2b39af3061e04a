package io.portcurfew.observe.linux.kernel;

/** The kernel refused or did not answer; the message says what was asked and why it failed. */
public class KernelException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int errno;

  public KernelException(String what, int errno) {
    super(what + ": " + Errno.describe(errno));
    this.errno = errno;
  }

  public KernelException(String why) {
    super(why);
    this.errno = 0;
  }

  /** The error number of asm-generic/errno.h; 0 where the kernel answered something unreadable. */
  public int errno() {
    return errno;
  }
}
