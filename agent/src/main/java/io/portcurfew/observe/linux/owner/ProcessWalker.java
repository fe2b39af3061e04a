package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.util.BitSet;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Walks through the descriptors of processes and notes the sockets that they hold. */
final class ProcessWalker {

  /** A process with more descriptors than this is large, and is walked after all others. */
  static final int SMALL = 512;

  private final ProcFs proc;
  private final HeldProcesses held;
  private final LongFunction<@Nullable SocketHolders> wanted;
  private final Predicate<SocketHolders> isKnown;
  private final BitSet refused = new BitSet();
  private int finds;

  /**
   * A walker.
   *
   * @param wanted the socket with this inode, where it is one that listens
   * @param isKnown whether that socket still listens
   */
  ProcessWalker(
      ProcFs proc,
      HeldProcesses held,
      LongFunction<@Nullable SocketHolders> wanted,
      Predicate<SocketHolders> isKnown) {
    this.proc = proc;
    this.held = held;
    this.wanted = wanted;
    this.isKnown = isKnown;
  }

  /** The processes that do not let us see their descriptors. */
  BitSet refused() {
    return refused;
  }

  /** Counts the walks that found something. */
  int finds() {
    return finds;
  }

  /**
   * Walks through a process that is not large.
   *
   * @return false if it is large: only its first descriptors were read
   */
  boolean walk(int pid, WalkBudget budget) {
    DescriptorWalk walk = begin(pid, budget);
    boolean ended = read(walk, SMALL, budget);
    if (!ended) {
      end(walk, budget);
    }
    return ended;
  }

  /** Begins a walk through a large process. */
  DescriptorWalk begin(int pid, WalkBudget budget) {
    budget.spend(WalkBudget.OPEN);
    return DescriptorWalk.begin(proc, pid);
  }

  /**
   * Reads up to so many descriptors.
   *
   * @return whether the walk has ended
   */
  boolean read(DescriptorWalk walk, int most, WalkBudget budget) {
    int left = most;
    while (!walk.ended() && left > 0) {
      int read = walk.read(left, wanted);
      left -= read;
      budget.spend(read);
    }
    // The end of the list is only known from one more read.
    if (!walk.ended()) {
      return false;
    }
    end(walk, budget);
    return true;
  }

  /** Attaches what was found, also by a walk that has not come to its end. */
  private void end(DescriptorWalk walk, WalkBudget budget) {
    refused.set(walk.pid(), walk.refused());
    // A walk in turn takes many looks, in which a socket may have gone.
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
