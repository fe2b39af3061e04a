package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.proc.ProcessList;
import io.portcurfew.process.TimeBudget;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Removes the network namespaces that nothing keeps any more. Another process may still be in an
 * orphan, so all are checked before it is removed; those for which one look has no time are left to
 * the next ones.
 */
final class OrphanSearch {

  private final KnownNamespaces known;
  private final MemberSearch members;
  private final ProcessList processes;
  private BitSet unsearched = new BitSet();

  OrphanSearch(KnownNamespaces known, MemberSearch members, ProcessList processes) {
    this.known = known;
    this.members = members;
    this.processes = processes;
  }

  /**
   * Goes on with the search, and removes the orphans for which it has ended.
   *
   * @param pids the existing processes
   * @param isAsked returns true if the processes of a namespace are asked now
   * @param isHeld returns true if a process is known to hold this socket
   */
  void run(
      BitSet pids,
      Predicate<NetworkNamespace> isAsked,
      Predicate<KernelSocket> isHeld,
      TimeBudget budget) {
    List<NetworkNamespace> orphans = known.orphans(isAsked);
    if (unsearched.isEmpty() && isOneNew(orphans)) {
      unsearched = (BitSet) pids.clone();
    }
    unsearched.and(pids);
    int pid = unsearched.nextSetBit(0);
    for (; pid >= 0 && !budget.isSpent(); pid = unsearched.nextSetBit(pid)) {
      unsearched.clear(pid);
      members.check(pid);
    }
    if (unsearched.isEmpty()) {
      orphans.removeIf(orphan -> !orphan.isSearched());
      known.removeGone(orphans, isHeld);
    }
  }

  private static boolean isOneNew(List<NetworkNamespace> orphans) {
    boolean one = false;
    for (NetworkNamespace orphan : orphans) {
      one |= orphan.startSearch();
    }
    return one;
  }

  /**
   * Removes those of some namespaces that nothing keeps any more, after a check of all processes at
   * once.
   *
   * @param mayBeHeld returns false if no process holds this socket now
   * @return the removed ones
   */
  List<NetworkNamespace> removeEnded(
      Collection<NetworkNamespace> lost, Predicate<KernelSocket> mayBeHeld, TimeBudget budget) {
    lost.forEach(members::doubt);
    processes.refresh();
    BitSet now = processes.pids();
    int pid = now.nextSetBit(0);
    for (; pid >= 0 && !budget.isSpent(); pid = now.nextSetBit(pid + 1)) {
      members.check(pid);
    }
    if (pid < 0 && processes.failure() == 0) {
      known.removeGone(List.copyOf(lost), mayBeHeld);
    }
    return lost.stream().filter(one -> known.get(one.inode()) != one).toList();
  }
}
