package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.kernel.KernelException;

/** Reports that a network namespace could not be entered. */
final class EntryException extends KernelException {

  private static final long serialVersionUID = 1L;

  EntryException(int errno) {
    super("entering it", errno);
  }
}
