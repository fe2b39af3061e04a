package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.linux.kernel.CutTable;
import io.portcurfew.observe.linux.kernel.FamilyQueries;
import io.portcurfew.observe.linux.kernel.KeptTexts;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketCounts;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.kernel.UserGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
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

  private final String source;
  private final DiagQueries diag;
  private final @Nullable SocketCounts counts;
  private final @Nullable KeptTexts texts;
  private final Map<Transport, DiagQueries.Dump> ipv4 = new EnumMap<>(Transport.class);
  private final Map<Transport, DiagQueries.Dump> ipv6 = new EnumMap<>(Transport.class);
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
    this.source = source;
    this.diag = diag;
    this.counts = counts;
    this.texts = texts;
  }

  @Override
  public Contents look(int most) throws KernelException {
    looksByCount = 0;
    if (counts != null) {
      counts.read();
    }
    return look(most, null);
  }

  @Override
  public Contents lookAgain(int most) throws KernelException {
    SocketCounts known = counts;
    if (known == null || ++looksByCount >= LOOKS_PER_DUMP) {
      return look(most);
    }
    known.read();
    return look(most, known);
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

  private Contents look(int most, @Nullable SocketCounts known) throws KernelException {
    List<Gap> gaps = new ArrayList<>(0);
    boolean same = canSkipCompare;
    // If this scan throws, nothing was compared, so the next one compares in any case.
    canSkipCompare = false;
    for (Transport transport : Transport.values()) {
      if (transport == Transport.TCP) {
        same &= hasStillNoTcp(known) || dumpTcp(most, gaps);
      } else if (transport.protocol() != null) {
        same &= isStillEmpty(transport, false, known) || dump(transport, false, most, gaps);
        same &= isStillEmpty(transport, true, known) || dump(transport, true, most, gaps);
      } else if (looks % UNASSESSED_INTERVAL == 0) {
        same &= dump(transport, false, MAX_UNASSESSED, gaps);
        same &= dump(transport, true, MAX_UNASSESSED, gaps);
      }
    }
    looks++;
    boolean changed = !same && compare(gaps);
    canSkipCompare |= same;
    return new Contents(current.values(), gaps, changed);
  }

  private boolean hasStillNoTcp(@Nullable SocketCounts known) {
    return isStillEmpty(Transport.TCP, false, known) && isStillEmpty(Transport.TCP, true, known);
  }

  private boolean isStillEmpty(
      Transport transport, boolean overIpv6, @Nullable SocketCounts known) {
    DiagQueries.Dump last = (overIpv6 ? ipv6 : ipv4).get(transport);
    return known != null
        && last != null
        && last.rows().isEmpty()
        && !last.torn()
        && known.hasNone(transport, overIpv6);
  }

  /** Returns true if the kernel gave the same answer as in the previous scan. */
  private boolean dump(Transport transport, boolean overIpv6, int most, List<Gap> gaps)
      throws KernelException {
    return keep(ask(transport, overIpv6, most), transport, overIpv6, gaps);
  }

  private boolean dumpTcp(int most, List<Gap> gaps) throws KernelException {
    DiagQueries.FamilyDumps dumps = diag.dumpTcp(most);
    boolean same = keep(dumps.ipv4(), Transport.TCP, false, gaps);
    return keep(dumps.ipv6(), Transport.TCP, true, gaps) && same;
  }

  // The same answer is the same list object, so the rows need no comparison.
  @SuppressWarnings("ReferenceEquality")
  private boolean keep(
      DiagQueries.Dump dump, Transport transport, boolean overIpv6, List<Gap> gaps) {
    if (dump.torn()) {
      String what = "the kernel's table of " + transport.label() + " changed during two dumps";
      gaps.add(missing(what, transport, overIpv6));
    }
    if (transport.protocol() != null && !dump.cutUsers().isEmpty()) {
      String table = transport.label() + (overIpv6 ? " over IPv6" : " over IPv4");
      gaps.add(CutTable.gap(source, table, dump.cutUsers(), place(transport, overIpv6)));
    }
    DiagQueries.Dump last = (overIpv6 ? ipv6 : ipv4).put(transport, dump);
    return last != null && last.rows() == dump.rows();
  }

  private Gap missing(String what, Transport transport, boolean overIpv6) {
    return new Gap(source, Gap.What.LISTENERS, what, null, place(transport, overIpv6));
  }

  private static Place place(Transport transport, boolean overIpv6) {
    Place.AddressFamily family = overIpv6 ? Place.AddressFamily.IPV6 : Place.AddressFamily.IPV4;
    return new Place(null, transport.protocol(), family);
  }

  private DiagQueries.Dump ask(Transport transport, boolean overIpv6, int most)
      throws KernelException {
    try {
      return diag.dump(transport, overIpv6, most);
    } catch (KernelException refusal) {
      // An unsupported transport has no sockets. Without TCP or UDP the scan fails.
      if (transport.protocol() == null && SockDiag.isUnsupported(refusal)) {
        return DiagQueries.Dump.NOTHING;
      }
      throw refusal;
    }
  }

  /** Returns true if a socket was opened or closed, or has changed. */
  private boolean compare(List<Gap> gaps) {
    next.clear();
    boolean changed = add(ipv4.values());
    changed |= add(ipv6.values());
    Set<Object> missed = new HashSet<>();
    boolean lookedUp = false;
    if (next.size() < current.size() || changed) {
      for (Map.Entry<Object, KernelSocket> entry : current.entrySet()) {
        if (!next.containsKey(entry.getKey())) {
          lookedUp |= !isLeftOut(entry.getValue());
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

  private boolean add(Collection<DiagQueries.Dump> dumps) {
    boolean changed = false;
    for (DiagQueries.Dump dump : dumps) {
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

  /** Returns true if its user has more sockets than are kept, so that it may still be open. */
  private boolean isLeftOut(KernelSocket socket) {
    DiagQueries.Dump dump = (socket.ipv6() ? ipv6 : ipv4).get(socket.transport());
    return dump != null && dump.cutUsers().contains(UserGroup.of(socket.uid()));
  }

  /** Looks up a missing socket, and returns true if it is gone or has changed. */
  private boolean isGone(Object key, KernelSocket socket, Set<Object> missed, List<Gap> gaps) {
    if (isLeftOut(socket)) {
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
      gaps.add(missing(what, socket.transport(), socket.address().isIpv6()));
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
