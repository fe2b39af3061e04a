package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;

/** Binds to a port and releases it immediately, to find out if it is free. */
interface BindProbe {

  /**
   * Tries one port.
   *
   * @return 0 if it was free, else the error number: {@link Errno#EADDRINUSE} if it is in use,
   *     {@link Errno#EACCES} if a capability is missing
   * @throws KernelException if no socket can be opened
   */
  int at(WildcardAddress where, int port) throws KernelException;
}
