package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.ThreadList;
import java.util.BitSet;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the descriptors of processes and records their sockets. */
final class ProcessWalker {

  /** The maximum number of descriptors of a small process. Larger processes are read last. */
  static final int SMALL = 512;

  private final ProcFs proc;
  private final ThreadList threads;
  private final NamespaceDescriptors namespaces;
  private final HeldProcesses held;
  private final LongFunction<@Nullable SocketHolders> wanted;
  private final Predicate<SocketHolders> isKnown;
  private final BitSet refused = new BitSet();
  private final BitSet executing = new BitSet();
  private final BitSet toRepeat = new BitSet();
  private final RedirectingPrograms programs = new RedirectingPrograms();
  private int finds;

  /**
   * Creates a walker.
   *
   * @param proc the /proc to read
   * @param held receives the processes that hold a socket
   * @param wanted returns the holders of a listening socket with this inode, or {@code null}
   * @param isKnown returns true if that socket still listens
   */
  ProcessWalker(
      ProcFs proc,
      HeldProcesses held,
      LongFunction<@Nullable SocketHolders> wanted,
      Predicate<SocketHolders> isKnown) {
    this.proc = proc;
    threads = new ThreadList(proc);
    namespaces = new NamespaceDescriptors(proc);
    this.held = held;
    this.wanted = wanted;
    this.isKnown = isKnown;
  }

  /** Returns the processes that do not show their descriptors. */
  BitSet refused() {
    return refused;
  }

  /**
   * Returns the processes that executed a program when they were read, since the last call; each
   * once until it was read in another state. The next look reads them again.
   *
   * @param pids the existing processes
   */
  BitSet takeExecuting(BitSet pids) {
    executing.and(pids);
    BitSet taken = (BitSet) toRepeat.clone();
    toRepeat.clear();
    return taken;
  }

  /** The user of a process decides how long it executes one, so it is not repeated for ever. */
  private void noteExecuting(int pid, boolean isExecuting) {
    if (isExecuting && !executing.get(pid)) {
      toRepeat.set(pid);
    }
    executing.set(pid, isExecuting);
  }

  /** Returns the threads of a process other than the first, which can be read like processes. */
  int[] threadsOf(int pid) {
    return threads.others(pid);
  }

  /** Returns the network namespaces that the walks passed. */
  NamespaceDescriptors namespaces() {
    return namespaces;
  }

  /** Returns the BPF programs that the walks passed. */
  RedirectingPrograms programs() {
    return programs;
  }

  /** Returns the number of walks that found a socket. */
  int finds() {
    return finds;
  }

  /**
   * Reads the descriptors of a small process.
   *
   * @return false if the process is large and only its first descriptors were read
   */
  boolean walk(int pid, WalkBudget budget) {
    DescriptorWalk walk = begin(pid, budget);
    boolean ended = read(walk, SMALL, budget);
    if (!ended) {
      end(walk, budget);
    }
    return ended;
  }

  /** Starts a walk through a large process. */
  DescriptorWalk begin(int pid, WalkBudget budget) {
    budget.spend(WalkBudget.OPEN);
    return DescriptorWalk.begin(proc, namespaces, pid);
  }

  /**
   * Reads at most the given number of descriptors.
   *
   * @return true if the walk has ended
   */
  boolean read(DescriptorWalk walk, int most, WalkBudget budget) {
    int remaining = most;
    while (!walk.ended() && remaining > 0) {
      int read = walk.read(remaining, wanted);
      remaining -= read;
      budget.spend(read);
    }
    // One more read is needed to detect the end of the list.
    if (!walk.ended()) {
      return false;
    }
    end(walk, budget);
    return true;
  }

  /** Attaches the sockets that were found, even if the walk did not reach its end. */
  private void end(DescriptorWalk walk, WalkBudget budget) {
    refused.set(walk.pid(), walk.refused());
    noteExecuting(walk.pid(), walk.executing());
    programs.set(walk.pid(), walk.programs());
    // A walk may take several looks, and a socket may be closed in the meantime.
    walk.found().keySet().removeIf(holders -> !isKnown.test(holders));
    if (!walk.found().isEmpty()) {
      budget.spend(WalkBudget.DESCRIBE);
      finds++;
    }
    ProcessFolder folder = walk.folder();
    walk.closeList();
    if (folder == null || walk.found().isEmpty() || !held.attach(folder, walk.found())) {
      walk.close();
    }
  }
}
