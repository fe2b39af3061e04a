package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import java.util.ArrayList;
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
final class DiagTable implements SocketTable {

  private final String source;
  private final DiagQueries diag;
  private final List<KernelSocket> rows = new ArrayList<>();
  private Map<Object, KernelSocket> before = new HashMap<>();
  private Map<Object, KernelSocket> now = new HashMap<>();
  private Set<Object> missedOnce = new HashSet<>();

  DiagTable(String source, DiagQueries diag) {
    this.source = source;
    this.diag = diag;
  }

  @Override
  public Look look() throws KernelException {
    Map<Object, KernelSocket> older = before;
    before = now;
    now = older;
    now.clear();
    List<Gap> gaps = new ArrayList<>(0);
    boolean changed = false;
    for (Transport transport : Transport.values()) {
      changed |= dump(transport, false, gaps);
      changed |= dump(transport, true, gaps);
    }
    if (now.size() < before.size() || changed) {
      changed |= proveGone(gaps);
    }
    return new Look(now.values(), gaps, changed);
  }

  /** Whether a socket is there that was not, or is somewhere else. */
  private boolean dump(Transport transport, boolean ipv6, List<Gap> gaps) throws KernelException {
    try {
      if (diag.dump(transport, ipv6, rows)) {
        gaps.add(
            new Gap(
                source,
                Gap.What.LISTENERS,
                "the kernel's table of " + transport.label() + " changed under two looks"));
      }
    } catch (KernelException refusal) {
      // A transport that the kernel does not have has no sockets; without TCP or UDP we are blind.
      if (transport.protocol() == null && SockDiag.knowsNot(refusal)) {
        return false;
      }
      throw refusal;
    }
    boolean changed = false;
    for (KernelSocket row : rows) {
      changed |= add(row);
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
      gaps.add(
          new Gap(
              source,
              Gap.What.LISTENERS,
              "a listener that was missed could not be looked up: " + failed.getMessage()));
      now.put(key, socket);
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
