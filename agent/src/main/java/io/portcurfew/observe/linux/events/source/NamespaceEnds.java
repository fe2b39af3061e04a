package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.text.CountedNoun;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sockets that report the ends of sockets in other network namespaces, one in each. A scan, which
 * knows the namespaces, opens them; the reader of events reads and closes them. Only for protocols
 * that no better source announces. Safe for use by both threads.
 */
public final class NamespaceEnds {

  /** The namespaces that are read; those beyond are left to the scans. */
  static final int MOST = 64;

  /** Opened by one scan. */
  private static final int MOST_AT_ONCE = 8;

  private final Map<Long, DestroySource> open = new LinkedHashMap<>();
  private final List<DestroySource> gone = new ArrayList<>();
  private final Set<Long> refused = new HashSet<>();
  private Runnable changed = () -> {};
  private boolean tcp;
  private boolean udp;
  private String limit = "";
  private int beyond;

  /** Enters network namespaces. */
  public interface NamespaceEntrance {
    /**
     * Opens a socket in a namespace.
     *
     * @throws KernelException where the kernel does not allow it
     */
    AutoCloseable enter(long inode, SocketOpening opening) throws KernelException;
  }

  /** Opens a socket in the namespace of the calling thread. */
  public interface SocketOpening {
    /**
     * Opens it.
     *
     * @throws KernelException where the kernel does not allow it
     */
    AutoCloseable open() throws KernelException;
  }

  /** These protocols are wanted from now on; the reader is woken when there are others to read. */
  public synchronized void want(boolean wantsTcp, boolean wantsUdp, Runnable wake) {
    changed = wake;
    if (wantsTcp != tcp || wantsUdp != udp) {
      tcp = wantsTcp;
      udp = wantsUdp;
      gone.addAll(open.values());
      open.clear();
      refused.clear();
      limit = "";
    }
  }

  /** True if scans are to open sockets. */
  public synchronized boolean isWanted() {
    return tcp || udp;
  }

  /**
   * Opens sockets in namespaces that are new, and gives up those of namespaces that are gone.
   *
   * @param present the inodes of all other namespaces
   */
  public void scanned(Set<Long> present, NamespaceEntrance entry) {
    List<Long> fresh = retain(present);
    for (long inode : fresh) {
      try {
        add(inode, (DestroySource) entry.enter(inode, () -> open(inode)));
      } catch (KernelException no) {
        refuse(inode, String.valueOf(no.getMessage()));
      }
    }
  }

  private DestroySource open(long inode) throws KernelException {
    boolean ofTcp;
    boolean ofUdp;
    synchronized (this) {
      ofTcp = tcp;
      ofUdp = udp;
    }
    return DestroySource.openIn(inode, ofTcp, ofUdp);
  }

  private synchronized List<Long> retain(Set<Long> present) {
    refused.retainAll(present);
    for (long inode : List.copyOf(open.keySet())) {
      DestroySource ended = present.contains(inode) ? null : open.remove(inode);
      if (ended != null) {
        gone.add(ended);
      }
    }
    if (!gone.isEmpty()) {
      changed.run();
    }
    beyond = isWanted() ? Math.max(0, present.size() - refused.size() - MOST) : 0;
    int free = Math.min(MOST_AT_ONCE, MOST - open.size());
    return present.stream()
        .filter(inode -> !open.containsKey(inode) && !refused.contains(inode))
        .limit(Math.max(0, free))
        .toList();
  }

  private synchronized void add(long inode, DestroySource source) {
    open.put(inode, source);
    changed.run();
  }

  private synchronized void refuse(long inode, String why) {
    refused.add(inode);
    limit = "not in every network namespace: " + why;
  }

  /** Returns true if the socket of a namespace is open. */
  public synchronized boolean isIn(long inode) {
    return open.containsKey(inode);
  }

  /** The reason why the ends of some namespaces are not reported; empty if all are. */
  public synchronized String limit() {
    return limit.isEmpty() && beyond > 0
        ? "not in " + CountedNoun.of(beyond, "network namespace") + " above " + MOST
        : limit;
  }

  /** The sockets to read from now on; closes those of namespaces that are gone. By the reader. */
  public synchronized List<EventSource> take() {
    gone.forEach(DestroySource::close);
    gone.clear();
    return List.copyOf(open.values());
  }
}
