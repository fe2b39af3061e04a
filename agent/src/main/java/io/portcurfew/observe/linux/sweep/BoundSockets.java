package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.linux.kernel.KernelException;

/** Lists the ports that sockets hold, whatever their state. */
interface BoundSockets {

  /**
   * Lists the ports that sockets hold.
   *
   * @param port the only port to ask for, with an exact answer; 0 asks for all
   * @throws KernelException if the kernel refuses or fails
   */
  OccupiedPorts look(int port) throws KernelException;

  /**
   * Returns true if it shows TCP sockets that are bound and neither listen nor connect. Linux shows
   * them since 6.8 (TCP_BOUND_INACTIVE); before that, only their owner knows them.
   *
   * @throws KernelException if the test fails
   */
  boolean showsBoundInactive() throws KernelException;
}
