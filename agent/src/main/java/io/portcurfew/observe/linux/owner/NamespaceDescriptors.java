package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.unlisted.UnlistedSockets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Collects the network namespaces that the walk through descriptors passes: links to a namespace,
 * and the namespaces of sockets that no known namespace lists. Without the right to ask for the
 * namespace of a socket, sockets are compared with the tables of the known namespaces.
 */
public final class NamespaceDescriptors {

  /** The maximum number of namespaces between two calls of {@link #take}. */
  private static final int MOST = 1024;

  /** The number of sockets that are asked in the first look and in a later one; each is 10 µs. */
  private static final int ASKED_FIRST = 20_000;

  private static final int ASKED = 2;

  /** The same for sockets whose protocol alone may be asked, each in 2 µs. */
  private static final int COMPARED = 64;

  /** The sockets whose namespace is remembered, so that each is asked once. */
  private static final int MOST_REMEMBERED = 32_768;

  private final ProcFs proc;
  private final Map<Long, FoundDescriptor> found = new LinkedHashMap<>();
  private final Set<Long> asked = new LinkedHashSet<>();
  private final UnlistedSockets unlisted;
  private final AskedSockets sockets = new AskedSockets();
  private final boolean mayAsk;
  private int allowance = ASKED_FIRST;

  NamespaceDescriptors(ProcFs proc) {
    this.proc = proc;
    unlisted = new UnlistedSockets(proc);
    mayAsk = !proc.isCaptured() && SocketNamespace.isPermitted();
  }

  boolean mayAsk() {
    return mayAsk;
  }

  /** Returns the sockets whose namespace may not be asked for and that no table lists. */
  UnlistedSockets unlisted() {
    return unlisted;
  }

  /**
   * A namespace that a process has a descriptor of.
   *
   * @param isSocket true if the descriptor is of a socket in the namespace
   */
  public record FoundDescriptor(long inode, int pid, int descriptor, boolean isSocket) {}

  /** Records a descriptor of a namespace. */
  void link(long inode, int pid, int descriptor) {
    if (!proc.isCaptured()) {
      add(new FoundDescriptor(inode, pid, descriptor, false));
    }
  }

  /**
   * Asks for the namespace of a socket, unless it was asked before or is one of our own. A socket
   * that was compared with the tables is asked again: it may have come to another process.
   */
  void socket(long inode, int pid, int descriptor) {
    boolean own = pid == ProcessHandle.current().pid();
    if (own
        || proc.isCaptured()
        || allowance <= 0
        || unlisted.isKnown(inode)
        || !asked.add(inode)) {
      return;
    }
    allowance--;
    if (asked.size() > MOST_REMEMBERED) {
      asked.remove(asked.iterator().next());
    }
    if (!mayAsk) {
      if (!unlisted.add(inode, pid, descriptor)) {
        asked.remove(inode);
      }
      return;
    }
    int socket =
        proc.isExecuting(pid) ? -1 : proc.copyOf(pid, () -> SocketNamespace.copy(pid, descriptor));
    int fd = socket < 0 ? -1 : SocketNamespace.of(socket);
    FileId namespace = fd < 0 ? null : proc.file(fd);
    proc.close(fd);
    if (namespace != null) {
      add(new FoundDescriptor(namespace.inode(), pid, descriptor, true));
      sockets.ask(socket, inode, namespace.inode());
    }
    proc.close(socket);
  }

  /**
   * Returns the sockets that were asked, because no table of this kernel lists their family.
   *
   * @param isGone true for the inode of a socket that no process holds any more
   */
  List<AskedSockets.AskedSocket> sockets(LongPredicate isGone) {
    return List.copyOf(sockets.all(inode -> isGone.test(inode) && forget(inode)).values());
  }

  /** A socket that a process gets again later is asked again. */
  private boolean forget(long inode) {
    asked.remove(inode);
    return true;
  }

  private void add(FoundDescriptor one) {
    if (found.size() < MOST) {
      found.putIfAbsent(one.inode(), one);
    }
  }

  /** Returns the namespaces that were found since the last call. */
  public List<FoundDescriptor> take() {
    List<FoundDescriptor> taken = new ArrayList<>(found.values());
    found.clear();
    allowance = mayAsk ? ASKED : COMPARED;
    return taken;
  }
}
