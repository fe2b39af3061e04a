package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.SocketTable;
import java.nio.file.Path;

/** Opens the text tables of a captured host, which has no kernel to query. */
public final class CapturedTables implements NamespaceOpener {

  private final String source;
  private final Path root;

  public CapturedTables(String source, Path root) {
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
