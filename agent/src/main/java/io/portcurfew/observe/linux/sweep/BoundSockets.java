package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.linux.kernel.KernelException;

/** Tells which sockets have a port, in whatever state they are. */
interface BoundSockets {

  /**
   * The ports that sockets hold.
   *
   * @param port asks for this one only, which is exact; 0 asks for all
   * @throws KernelException where the kernel refuses or fails
   */
  OccupiedPorts look(int port) throws KernelException;

  /**
   * Whether it tells of TCP sockets that are bound and neither listen nor connect. Linux does since
   * 6.8 (TCP_BOUND_INACTIVE); before, nothing but their owner knows of them.
   *
   * @throws KernelException where that cannot be found out
   */
  boolean tellsOfInactive() throws KernelException;
}
