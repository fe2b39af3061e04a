package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;

/** Tries whether a port can be had, and lets go of it at once. */
interface BindProbe {

  /**
   * Tries one.
   *
   * @return 0 where it was free, else the error number: {@link Errno#EADDRINUSE} where it is taken,
   *     {@link Errno#EACCES} where there is no right to it
   * @throws KernelException where not even a socket can be had
   */
  int at(WildcardAddress where, int port) throws KernelException;
}
