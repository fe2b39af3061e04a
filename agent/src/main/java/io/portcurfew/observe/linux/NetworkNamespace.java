package io.portcurfew.observe.linux;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One network namespace, and the way in which it is looked at. */
final class NetworkNamespace implements AutoCloseable {

  /** Opens the way to look at a namespace; handed in, for a captured host has no kernel. */
  interface Opener {

    /**
     * Opens it.
     *
     * @throws KernelException where the kernel refuses; then the text tables are tried
     */
    SocketTable sockDiag(NetworkNamespace namespace) throws KernelException;

    /**
     * The text tables.
     *
     * @throws KernelException where there is no way to them either
     */
    SocketTable tables(NetworkNamespace namespace) throws KernelException;
  }

  private final String name;
  private final long inode;
  private final Opener opener;
  private @Nullable ProcessFolder member;
  private @Nullable Path path;
  private @Nullable SocketTable table;
  private boolean fellBack;
  private String refusal = "";

  NetworkNamespace(
      String name, long inode, @Nullable ProcessFolder member, @Nullable Path path, Opener opener) {
    this.name = name;
    this.inode = inode;
    this.member = member;
    this.path = path;
    this.opener = opener;
  }

  String name() {
    return name;
  }

  long inode() {
    return inode;
  }

  boolean isHost() {
    return name.equals(Endpoint.HOST);
  }

  /** A process in it. */
  @Nullable ProcessFolder member() {
    return member;
  }

  /** Where it is bound to a name. */
  @Nullable Path path() {
    return path;
  }

  void bind(@Nullable Path where) {
    path = where != null ? where : path;
  }

  void unbindUnless(boolean bound) {
    path = bound ? path : null;
  }

  /** Takes a process that is in it, where it has none. */
  boolean join(ProcessFolder process) {
    if (!wantsMember()) {
      return false;
    }
    leaveMember();
    member = process;
    return true;
  }

  /** Whether it has no process that is still in it, as far as is known. */
  boolean wantsMember() {
    ProcessFolder process = member;
    byte[] link = process == null ? null : process.link("ns/net");
    return link == null || !Long.valueOf(inode).equals(ProcText.namespaceInode(link));
  }

  /** Whether nothing that we know of keeps it but our own way in. */
  boolean isOrphan() {
    return !isHost() && path == null && wantsMember();
  }

  /** Looks; what cannot be seen is a gap that names it. */
  SocketTable.Look look(String source) {
    List<Gap> gaps = new ArrayList<>(0);
    try {
      SocketTable.Look look = tryLook(source, gaps);
      gaps.addAll(look.gaps());
      return new SocketTable.Look(look.sockets(), gaps, look.changed());
    } catch (KernelException blind) {
      closeTable();
      String why = "namespace " + name + ": " + refusal + blind.getMessage();
      gaps.add(new Gap(source, Gap.What.LISTENERS, why));
      return new SocketTable.Look(List.of(), gaps, true);
    }
  }

  private SocketTable.Look tryLook(String source, List<Gap> gaps) throws KernelException {
    boolean opened = table == null;
    SocketTable.Look look;
    try {
      look = lookByDiag();
    } catch (KernelException refused) {
      closeTable();
      refusal = refused.getMessage() + "; ";
      look = lookByTables();
      opened = true;
    }
    if (fellBack) {
      String why = "namespace " + name + " is read from /proc/net: " + refusal;
      gaps.add(new Gap(source, Gap.What.PROTOCOL, why + "interfaces and IPv6 only are not told"));
    }
    return new SocketTable.Look(look.sockets(), look.gaps(), look.changed() || opened);
  }

  private SocketTable.Look lookByDiag() throws KernelException {
    SocketTable open = table;
    if (open == null) {
      open = opener.sockDiag(this);
      table = open;
      fellBack = false;
    }
    return open.look();
  }

  private SocketTable.Look lookByTables() throws KernelException {
    SocketTable open = opener.tables(this);
    table = open;
    fellBack = true;
    return open.look();
  }

  /** The name of one of its interfaces. */
  String interfaceName(int index) {
    SocketTable open = table;
    return open == null ? Integer.toString(index) : open.interfaceName(index);
  }

  private void closeTable() {
    SocketTable open = table;
    if (open != null) {
      open.close();
    }
    table = null;
  }

  private void leaveMember() {
    ProcessFolder process = member;
    if (process != null) {
      process.close();
    }
    member = null;
  }

  @Override
  public void close() {
    closeTable();
    leaveMember();
  }
}
