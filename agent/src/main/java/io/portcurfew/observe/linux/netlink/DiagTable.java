package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.linux.kernel.CutTable;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
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
import org.jspecify.annotations.Nullable;

/**
 * What listens in the namespace of a sock_diag socket. Every dump misses a socket now and then
 * while others open and close, and the kernel does not say so; therefore what was there before and
 * is missed is looked up exactly before it counts as gone.
 */
public final class DiagTable implements SocketTable {

  /** Sockets of a transport that is not judged only make a gap, and that is not urgent. */
  private static final int LOOKS_OF_THE_UNJUDGED = 10;

  /** The gap names the first few of them. */
  private static final int MOST_UNJUDGED = 64;

  private final String source;
  private final DiagQueries diag;
  private final Map<Transport, DiagQueries.Dump> ipv4 = new EnumMap<>(Transport.class);
  private final Map<Transport, DiagQueries.Dump> ipv6 = new EnumMap<>(Transport.class);
  private Map<Object, KernelSocket> now = new HashMap<>();
  private Map<Object, KernelSocket> next = new HashMap<>();
  private Set<Object> missedOnce = new HashSet<>();
  private boolean settled;
  private int looks;

  public DiagTable(String source, DiagQueries diag) {
    this.source = source;
    this.diag = diag;
  }

  @Override
  public Look look(int most) throws KernelException {
    List<Gap> gaps = new ArrayList<>(0);
    boolean same = settled;
    // A look that throws has compared nothing: the next one compares whatever the kernel answers.
    settled = false;
    for (Transport transport : Transport.values()) {
      if (transport.protocol() != null) {
        same &= dump(transport, false, most, gaps);
        same &= dump(transport, true, most, gaps);
      } else if (looks % LOOKS_OF_THE_UNJUDGED == 0) {
        same &= dump(transport, false, MOST_UNJUDGED, gaps);
        same &= dump(transport, true, MOST_UNJUDGED, gaps);
      }
    }
    looks++;
    boolean changed = !same && compare(gaps);
    settled |= same;
    return new Look(now.values(), gaps, changed);
  }

  /** Whether the kernel answered the same as in the look before. */
  // The same answer is the same list: to compare the rows would cost what it is meant to save.
  @SuppressWarnings("ReferenceEquality")
  private boolean dump(Transport transport, boolean overIpv6, int most, List<Gap> gaps)
      throws KernelException {
    DiagQueries.Dump dump = ask(transport, overIpv6, most);
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
    Place.Family family = overIpv6 ? Place.Family.IPV6 : Place.Family.IPV4;
    return new Place(null, transport.protocol(), family);
  }

  private DiagQueries.Dump ask(Transport transport, boolean overIpv6, int most)
      throws KernelException {
    try {
      return diag.dump(transport, overIpv6, most);
    } catch (KernelException refusal) {
      // A transport that the kernel does not have has no sockets; without TCP or UDP we are blind.
      if (transport.protocol() == null && SockDiag.isUnsupported(refusal)) {
        return DiagQueries.Dump.NOTHING;
      }
      throw refusal;
    }
  }

  /** Whether a socket has come, has gone, or is somewhere else. */
  private boolean compare(List<Gap> gaps) {
    next.clear();
    boolean changed = add(ipv4.values());
    changed |= add(ipv6.values());
    Set<Object> missed = new HashSet<>();
    boolean lookedUp = false;
    if (next.size() < now.size() || changed) {
      for (Map.Entry<Object, KernelSocket> entry : now.entrySet()) {
        if (!next.containsKey(entry.getKey())) {
          lookedUp |= !isLeftOut(entry.getValue());
          changed |= isGone(entry.getKey(), entry.getValue(), missed, gaps);
        }
      }
    }
    Map<Object, KernelSocket> older = now;
    now = next;
    next = older;
    missedOnce = missed;
    // What the dumps miss is looked up at the next look too, even where they are the same then.
    settled = !lookedUp;
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
    KernelSocket known = now.get(key);
    return known == null || !known.isStill(row);
  }

  /** Whether it may be open all the same, but its user has more sockets than are kept. */
  private boolean isLeftOut(KernelSocket socket) {
    DiagQueries.Dump dump = (socket.ipv6() ? ipv6 : ipv4).get(socket.transport());
    return dump != null && dump.cutUsers().contains(UserGroup.of(socket.uid()));
  }

  /** Looks up what the dumps missed; whether it has gone, or is somewhere else. */
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
      // Where several share a place (SO_REUSEPORT) the look-up by place answers any of them, so its
      // no proves nothing of this one; two dumps that miss it do.
      if (other == null || missedOnce.contains(key)) {
        return true;
      }
      missed.add(key);
      next.put(key, socket);
      return !next.containsKey(other.key()) && add(other);
    } catch (KernelException failed) {
      String what = "a listener that was missed could not be looked up: " + failed.getMessage();
      gaps.add(missing(what, socket.transport(), socket.address().isIpv6()));
      next.put(key, socket);
      return false;
    }
  }

  @Override
  public boolean hasGone(KernelSocket socket) {
    Object key = socket.key();
    try {
      // As in a look: of a group that shares a place, only two dumps prove it.
      // Before Linux 5.12 cookies are unique in one network namespace only; inodes are everywhere.
      KernelSocket known = now.get(key);
      boolean gone =
          known != null
              && known.isStill(socket)
              && diag.find(socket, true) == null
              && diag.find(socket, false) == null;
      if (gone) {
        now.remove(key);
        settled = false;
      }
      return gone;
    } catch (KernelException unknown) {
      return false;
    }
  }

  @Override
  public String interfaceName(int index) {
    String name = diag.interfaceName(index);
    return name != null ? name : Integer.toString(index);
  }

  @Override
  public @Nullable Long mark() {
    return diag.inode();
  }

  @Override
  public void close() {
    diag.close();
  }
}
