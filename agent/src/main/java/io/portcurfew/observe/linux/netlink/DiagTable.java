package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.Transport;
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

  /** Sockets of a transport that is not judged are told, and that is not urgent. */
  private static final int LOOKS_OF_THE_UNJUDGED = 10;

  private final String source;
  private final DiagQueries diag;
  private final Map<Transport, DiagQueries.Dump> ipv4 = new EnumMap<>(Transport.class);
  private final Map<Transport, DiagQueries.Dump> ipv6 = new EnumMap<>(Transport.class);
  private Map<Object, KernelSocket> before = new HashMap<>();
  private Map<Object, KernelSocket> now = new HashMap<>();
  private Set<Object> missedOnce = new HashSet<>();
  private boolean settled;
  private int looks;

  public DiagTable(String source, DiagQueries diag) {
    this.source = source;
    this.diag = diag;
  }

  @Override
  public Look look() throws KernelException {
    List<Gap> gaps = new ArrayList<>(0);
    boolean same = settled;
    settled = false;
    for (Transport transport : Transport.values()) {
      if (transport.protocol() != null || looks % LOOKS_OF_THE_UNJUDGED == 0) {
        same &= dump(transport, false, ipv4, gaps);
        same &= dump(transport, true, ipv6, gaps);
      }
    }
    looks++;
    settled = same;
    boolean changed = !same && compare(gaps);
    return new Look(now.values(), gaps, changed);
  }

  /** Whether the kernel answered the same as in the look before. */
  // The same answer is the same list: to compare the rows would cost what it is meant to save.
  @SuppressWarnings("ReferenceEquality")
  private boolean dump(
      Transport transport, boolean overIpv6, Map<Transport, DiagQueries.Dump> known, List<Gap> gaps)
      throws KernelException {
    DiagQueries.Dump dump = ask(transport, overIpv6);
    if (dump.torn()) {
      String what = "the kernel's table of " + transport.label() + " changed under two looks";
      gaps.add(missing(what, transport, overIpv6));
    }
    DiagQueries.Dump last = known.put(transport, dump);
    return last != null && last.rows() == dump.rows();
  }

  private Gap missing(String what, Transport transport, boolean overIpv6) {
    Place.Family family = overIpv6 ? Place.Family.IPV6 : Place.Family.IPV4;
    Place place = new Place(null, transport.protocol(), family);
    return new Gap(source, Gap.What.LISTENERS, what, null, place);
  }

  private DiagQueries.Dump ask(Transport transport, boolean overIpv6) throws KernelException {
    try {
      return diag.dump(transport, overIpv6);
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
    Map<Object, KernelSocket> older = before;
    before = now;
    now = older;
    now.clear();
    settled = true;
    boolean changed = add(ipv4.values());
    changed |= add(ipv6.values());
    if (now.size() < before.size() || changed) {
      changed |= proveGone(gaps);
    }
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
    now.put(key, row);
    KernelSocket known = before.get(key);
    return known == null || !known.isStill(row);
  }

  /** Looks up what the dumps missed; whether one of it has gone, or is somewhere else. */
  private boolean proveGone(List<Gap> gaps) {
    Set<Object> missed = new HashSet<>();
    boolean changed = false;
    for (Map.Entry<Object, KernelSocket> entry : before.entrySet()) {
      if (!now.containsKey(entry.getKey())) {
        changed |= lookUp(entry.getKey(), entry.getValue(), missed, gaps);
      }
    }
    missedOnce = missed;
    return changed;
  }

  private boolean lookUp(Object key, KernelSocket socket, Set<Object> missed, List<Gap> gaps) {
    // What the dumps miss is asked for again at the next look, even where they are the same then.
    settled = false;
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
      now.put(key, socket);
      return !now.containsKey(other.key()) && add(other);
    } catch (KernelException failed) {
      String what = "a listener that was missed could not be looked up: " + failed.getMessage();
      gaps.add(missing(what, socket.transport(), socket.address().isIpv6()));
      now.put(key, socket);
      return false;
    }
  }

  @Override
  public boolean hasGone(KernelSocket socket) {
    Object key = socket.key();
    try {
      // As in a look: of a group that shares a place, only two dumps tell.
      boolean gone =
          now.containsKey(key)
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
