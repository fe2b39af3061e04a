package io.portcurfew.observe.linux.kernel;

import org.jspecify.annotations.Nullable;

/** The kernel refused or did not answer; the message names the request and the reason. */
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

  /** Returns the reason of a failure on another thread in words. */
  public static String why(@Nullable Throwable cause) {
    String message = cause == null ? null : cause.getMessage();
    return cause instanceof KernelException
        ? String.valueOf(message)
        : "internal error: " + message;
  }

  /** Returns the error number of asm-generic/errno.h; 0 if the kernel's answer was unreadable. */
  public int errno() {
    return errno;
  }
}
