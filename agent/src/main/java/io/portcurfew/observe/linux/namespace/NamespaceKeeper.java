package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.linux.kernel.KernelException;

/** Something other than a process in it or a name under /run/netns that keeps a namespace. */
interface NamespaceKeeper extends AutoCloseable {

  /**
   * Opens the namespace; the caller closes the descriptor.
   *
   * @throws KernelException if it cannot be opened
   */
  int open() throws KernelException;

  /** Returns true if it still keeps the namespace. */
  boolean keeps(long inode);

  @Override
  void close();
}
