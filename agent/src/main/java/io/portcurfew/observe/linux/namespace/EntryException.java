package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.linux.kernel.KernelException;

/** Reports that a network namespace could not be entered. */
public final class EntryException extends KernelException {

  private static final long serialVersionUID = 1L;

  /** Has the error number of setns(2). */
  public EntryException(int errno) {
    super("entering it", errno);
  }
}
