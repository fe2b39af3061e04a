package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.SocketPlace;
import org.jspecify.annotations.Nullable;

/** Asks the kernel for the sockets of other families in one network namespace. */
public interface FamilyQueries {

  /**
   * Lists the sockets of a family.
   *
   * @param most the maximum number of sockets to keep
   * @throws KernelException if the kernel refuses or fails
   */
  FamilyRows list(SocketPlace.Family family, int most) throws KernelException;

  /** Returns the name of an interface; {@code null} if it no longer exists. */
  @Nullable String interfaceName(int index);
}
