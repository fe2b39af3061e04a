package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.SocketTable;
import java.nio.file.Path;

/** Opens the text tables of a captured host, which has no kernel to query. */
final class CapturedTables implements NetworkNamespace.Opener {

  private final String source;
  private final Path root;

  CapturedTables(String source, Path root) {
    this.source = source;
    this.root = root;
  }

  @Override
  public SocketTable sockDiag(NetworkNamespace namespace) throws KernelException {
    throw new KernelException("a captured host has no kernel to query");
  }

  @Override
  public SocketTable tables(NetworkNamespace namespace) throws KernelException {
    return new NamespaceEntry(source, root).tables(namespace);
  }
}
