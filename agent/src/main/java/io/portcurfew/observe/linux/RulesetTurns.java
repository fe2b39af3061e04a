package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.reach.RulesetProbe;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks in turns which rulesets of other network namespaces have changed. */
final class RulesetTurns {

  private static final int MOST_NAMES = 4096;

  private final ProcFs proc;
  private final Deque<Long> turns = new ArrayDeque<>();
  private int owed;

  /** The tables of iptables-legacy have no number; one namespace is asked for them in each look. */
  private final Deque<Long> legacyTurns = new ArrayDeque<>();

  RulesetTurns(ProcFs proc) {
    this.proc = proc;
  }

  /** Has the next looks ask this number of namespaces, unless they have more to ask anyway. */
  void owe(int share) {
    owed = Math.max(owed, share);
  }

  /**
   * Asks the next namespaces.
   *
   * @param others all of them by inode
   * @param seen their rulesets as they were last read
   * @return those whose rulesets have changed, and one at most of which only a visit can say so
   */
  List<NetworkNamespace> next(Map<Long, NetworkNamespace> others, Map<Long, VisitedRules> seen) {
    List<NetworkNamespace> changed = new ArrayList<>(0);
    NetworkNamespace unknown = legacyInTurn(others);
    for (owed = Math.min(owed, others.size()); owed > 0; owed--) {
      NetworkNamespace next = first(turns, others);
      if (next != null) {
        Boolean known = seen.getOrDefault(next.inode(), VisitedRules.NOTHING).haveChanged();
        if (known == null && unknown != null) {
          break;
        }
        unknown = known == null ? next : unknown;
        if (Boolean.TRUE.equals(known)) {
          changed.add(next);
        }
      }
      turns.poll();
    }
    if (unknown != null && !changed.contains(unknown)) {
      changed.add(unknown);
    }
    return changed;
  }

  /** Returns the next namespace if it may have tables of iptables-legacy. */
  private @Nullable NetworkNamespace legacyInTurn(Map<Long, NetworkNamespace> others) {
    if (others.isEmpty()) {
      return null;
    }
    NetworkNamespace next = first(legacyTurns, others);
    if (next != null && isKnownWithoutLegacyTables(next)) {
      legacyTurns.poll();
      return null;
    }
    if (RulesetProbe.LEGACY_FILES.stream().noneMatch(this::isThere)) {
      return null;
    }
    legacyTurns.poll();
    return next != null && mayHaveLegacyTables(next) ? next : null;
  }

  /** Returns true if both files are kept open, and name no table. */
  private static boolean isKnownWithoutLegacyTables(NetworkNamespace namespace) {
    for (String file : RulesetProbe.LEGACY_FILES) {
      byte[] names = namespace.keptTable(file);
      if (names == null || RulesetProbe.hasLegacy(names)) {
        return false;
      }
    }
    return true;
  }

  private static boolean mayHaveLegacyTables(NetworkNamespace namespace) {
    if (namespace.member() == null) {
      return true;
    }
    try {
      for (String file : RulesetProbe.LEGACY_FILES) {
        byte[] names = namespace.table(file, MOST_NAMES);
        if (names != null && RulesetProbe.hasLegacy(names)) {
          return true;
        }
      }
      return false;
    } catch (KernelException unknown) {
      return true;
    }
  }

  /** Returns the namespace whose turn it is; {@code null} if it is gone. */
  private static @Nullable NetworkNamespace first(
      Deque<Long> turns, Map<Long, NetworkNamespace> others) {
    if (turns.isEmpty()) {
      turns.addAll(others.keySet());
    }
    Long inode = turns.peek();
    return inode == null ? null : others.get(inode);
  }

  /** A module of the kernel makes such a file in every namespace; unknown counts as there. */
  private boolean isThere(String file) {
    int fd = proc.open("proc/net/" + file, Libc.O_RDONLY);
    boolean there = fd >= 0 || proc.error() != Errno.ENOENT;
    proc.close(fd);
    return there;
  }
}
