package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.FamilyQueries;
import io.portcurfew.observe.linux.kernel.KeptTexts;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketCounts;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.Transport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Lists the listening sockets in the namespace of a sock_diag socket. A dump sometimes misses a
 * socket while others open and close, and the kernel does not report it. So if a known socket is
 * missing, an exact lookup must confirm that it is gone.
 */
public final class DiagTable implements SocketTable {

  /** Unassessed transports only cause a gap, so they are dumped once in this many scans. */
  private static final int UNASSESSED_INTERVAL = 10;

  /** The maximum number of such sockets; the gap names only the first few. */
  private static final int MAX_UNASSESSED = 64;

  /** The number of frequent looks from one that dumps every table to the next. */
  static final int LOOKS_PER_DUMP = 6;

  private final DiagQueries diag;
  private final @Nullable SocketCounts counts;
  private final @Nullable KeptTexts texts;
  private final LastDumps dumps;
  private Map<Object, KernelSocket> current = new HashMap<>();
  private Map<Object, KernelSocket> next = new HashMap<>();
  private Set<Object> missedOnce = new HashSet<>();
  private boolean canSkipCompare;
  private int looks;
  private int looksByCount;
  private int looksByUse;

  /** Creates a table of the sockets that the queries return. */
  public DiagTable(String source, DiagQueries diag) {
    this(source, diag, null, null);
  }

  /**
   * Creates a table of the sockets that the queries return, with the kernel's counts of them.
   *
   * @param counts are closed with the table; {@code null} if every look dumps all
   * @param texts are closed with the table too; {@code null} if none are kept
   */
  public DiagTable(
      String source, DiagQueries diag, @Nullable SocketCounts counts, @Nullable KeptTexts texts) {
    this.diag = diag;
    this.dumps = new LastDumps(source, diag);
    this.counts = counts;
    this.texts = texts;
  }

  @Override
  public Contents look(int most) throws KernelException {
    looksByCount = 0;
    if (counts != null) {
      counts.read();
    }
    return look(most, null, Set.of());
  }

  @Override
  public Contents lookAgain(int most) throws KernelException {
    return lookQuietly(most, Set.of());
  }

  @Override
  public Contents lookQuietly(int most, Set<Protocol> quiet) throws KernelException {
    SocketCounts known = counts;
    if (known == null) {
      return look(most);
    }
    known.read();
    boolean decides = ++looksByCount < LOOKS_PER_DUMP;
    looksByCount = decides ? looksByCount : 0;
    return look(most, decides ? known : null, quiet);
  }

  @Override
  public boolean mayHaveWoken() {
    return counts != null && current.isEmpty() && counts.haveChanged();
  }

  @Override
  public boolean hasOnly(int own) {
    boolean only = counts != null && ++looksByUse < LOOKS_PER_DUMP && counts.areAll(own);
    looksByUse = only ? looksByUse : 0;
    return only;
  }

  /**
   * Looks once.
   *
   * @param known the kernel's counts; {@code null} if they do not decide in this look
   * @param quiet the protocols of which events report each opening
   */
  private Contents look(int most, @Nullable SocketCounts known, Set<Protocol> quiet)
      throws KernelException {
    List<Gap> gaps = new ArrayList<>(0);
    boolean same = canSkipCompare;
    // If this scan throws, nothing was compared, so the next one compares in any case.
    canSkipCompare = false;
    for (Transport transport : Transport.values()) {
      if (transport == Transport.TCP) {
        boolean isStill = isStill(transport, false, known, quiet);
        isStill &= isStill(transport, true, known, quiet);
        same &= isStill || dumps.dumpTcp(most, counts, gaps);
      } else if (transport.protocol() != null) {
        same &=
            isStill(transport, false, known, quiet)
                || dumps.dump(transport, false, most, counts, gaps);
        same &=
            isStill(transport, true, known, quiet)
                || dumps.dump(transport, true, most, counts, gaps);
      } else if (looks % UNASSESSED_INTERVAL == 0) {
        same &= dumps.dump(transport, false, MAX_UNASSESSED, null, gaps);
        same &= dumps.dump(transport, true, MAX_UNASSESSED, null, gaps);
      }
    }
    looks++;
    boolean changed = !same && compare(gaps);
    canSkipCompare |= same;
    return new Contents(current.values(), gaps, changed);
  }

  /** Returns true if this look takes a transport from the last dump. */
  private boolean isStill(
      Transport transport, boolean overIpv6, @Nullable SocketCounts known, Set<Protocol> quiet) {
    SocketCounts now = counts;
    if (now != null && quiet.contains(transport.protocol())) {
      return dumps.leaveOut(transport, overIpv6, now);
    }
    return dumps.areStillEmpty(transport, overIpv6, known);
  }

  /** Returns true if a socket was opened or closed, or has changed. */
  private boolean compare(List<Gap> gaps) {
    next.clear();
    boolean changed = add(dumps.ofIpv4());
    changed |= add(dumps.ofIpv6());
    Set<Object> missed = new HashSet<>();
    boolean lookedUp = false;
    if (next.size() < current.size() || changed) {
      for (Map.Entry<Object, KernelSocket> entry : current.entrySet()) {
        if (!next.containsKey(entry.getKey())) {
          lookedUp |= !dumps.leaveOut(entry.getValue());
          changed |= isGone(entry.getKey(), entry.getValue(), missed, gaps);
        }
      }
    }
    Map<Object, KernelSocket> previous = current;
    current = next;
    next = previous;
    missedOnce = missed;
    // Missing sockets are looked up in the next scan too, even if its dumps are the same.
    canSkipCompare = !lookedUp;
    return changed;
  }

  private boolean add(Collection<DiagQueries.Dump> ofFamily) {
    boolean changed = false;
    for (DiagQueries.Dump dump : ofFamily) {
      for (KernelSocket row : dump.rows()) {
        changed |= add(row);
      }
    }
    return changed;
  }

  private boolean add(KernelSocket row) {
    Object key = row.key();
    next.put(key, row);
    KernelSocket known = current.get(key);
    return known == null || !known.isStill(row);
  }

  /** Looks up a missing socket, and returns true if it is gone or has changed. */
  private boolean isGone(Object key, KernelSocket socket, Set<Object> missed, List<Gap> gaps) {
    if (dumps.leaveOut(socket)) {
      return true;
    }
    try {
      KernelSocket found = diag.find(socket, true);
      if (found != null) {
        return add(found);
      }
      KernelSocket other = diag.find(socket, false);
      // If several sockets share an address (SO_REUSEPORT), the lookup returns any of them, so it
      // does not prove that this one is gone; two dumps without it do.
      if (other == null || missedOnce.contains(key)) {
        return true;
      }
      missed.add(key);
      next.put(key, socket);
      return !next.containsKey(other.key()) && add(other);
    } catch (KernelException failed) {
      String what = "a missing listener could not be looked up: " + failed.getMessage();
      gaps.add(dumps.gap(what, socket.transport(), socket.address().isIpv6()));
      next.put(key, socket);
      return false;
    }
  }

  @Override
  public boolean hasGone(KernelSocket socket) {
    Object key = socket.key();
    try {
      // As in a scan: for sockets that share an address, only two dumps prove it.
      // Before Linux 5.12 cookies are unique only within one namespace; inodes are always unique.
      KernelSocket known = current.get(key);
      boolean gone =
          known != null
              && known.isStill(socket)
              && diag.find(socket, true) == null
              && diag.find(socket, false) == null;
      if (gone) {
        current.remove(key);
        canSkipCompare = false;
        dumps.forgetCount(socket.transport(), socket.ipv6());
      }
      return gone;
    } catch (KernelException unknown) {
      return false;
    }
  }

  @Override
  public String interfaceName(int index) {
    String name = diag.interfaceName(index);
    return name != null ? name : SocketTable.unnamed(index);
  }

  @Override
  public @Nullable Map<Address, SortedSet<String>> ipv4Interfaces() {
    return diag.ipv4Interfaces();
  }

  @Override
  public FamilyQueries families() {
    return diag;
  }

  @Override
  public long sockstat() {
    return counts == null ? 0 : counts.inode();
  }

  @Override
  public byte @Nullable [] text(String name) {
    return texts == null ? null : texts.read(name);
  }

  @Override
  public @Nullable Long mark() {
    return diag.inode();
  }

  @Override
  public void close() {
    diag.close();
    if (counts != null) {
      counts.close();
    }
    if (texts != null) {
      texts.close();
    }
  }
}
