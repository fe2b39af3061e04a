package io.portcurfew.observe.linux;

import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.linux.kernel.FamilyQueries;
import io.portcurfew.observe.linux.kernel.FamilyRows;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.namespace.NamespaceOpener;
import io.portcurfew.observe.linux.namespace.NamespaceTables;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.netlink.NetworkLinks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A network namespace with tables that stay open, and a note of each that was read. */
final class KeptTables implements SocketTable, NamespaceOpener {

  final Map<String, String> texts = new HashMap<>();
  final List<String> read = new ArrayList<>();

  /** The sockets in it, of any family. */
  int sockets;

  final NetworkNamespace namespace = NetworkNamespace.other(7, null, null, 0, this);

  /** Opens its tables. */
  KeptTables() {
    namespace.tables().look("test", 9, NamespaceTables.SinceLook.UNKNOWN);
  }

  @Override
  public SocketTable sockDiag(NetworkNamespace one) {
    return this;
  }

  @Override
  public SocketTable tables(NetworkNamespace one) throws KernelException {
    throw new KernelException("none");
  }

  @Override
  public Optional<byte[]> table(NetworkNamespace one, String name, int most) {
    read.add("entered for " + name);
    return Optional.empty();
  }

  @Override
  public NetworkLinks links(NetworkNamespace one) {
    read.add("links");
    return NetworkLinks.NONE;
  }

  @Override
  public Contents look(int most) {
    return new Contents(List.of(), List.of(), false);
  }

  @Override
  public boolean hasOnly(int own) {
    return sockets == own;
  }

  @Override
  public FamilyQueries families() {
    return new FamilyQueries() {
      @Override
      public FamilyRows list(SocketPlace.Family family, int most) {
        return new FamilyRows(most);
      }

      @Override
      public String interfaceName(int index) {
        return null;
      }
    };
  }

  @Override
  public byte[] text(String name) {
    read.add(name);
    String text = texts.get(name);
    return text == null ? null : text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {}
}
