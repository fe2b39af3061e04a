package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.process.TimeBudget;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Reads the network namespaces of processes and threads, and remembers those that are refused. */
final class NamespaceLinks {

  /** The size limit in bytes of a netlink table, about 10,000 rows. */
  private static final int MAX_NETLINK_BYTES = 1 << 20;

  /** The readings of a process that executes a program, in one look, and the time between two. */
  private static final int MOST_READINGS = 20;

  private static final Duration WAIT = Duration.ofMillis(2);

  private final String source;
  private final ProcFs proc;
  private final LongFunction<@Nullable Long> bySockstat;
  private final BitSet unreadable = new BitSet();
  private final BitSet executing = new BitSet();
  private BitSet waitedFor = new BitSet();
  private int unexpectedErrno;
  private int cursor = -1;

  /**
   * Remembers nothing yet.
   *
   * @param bySockstat returns the inode of the known namespace whose sockstat has this inode, or
   *     {@code null} if there is none
   */
  NamespaceLinks(String source, ProcFs proc, LongFunction<@Nullable Long> bySockstat) {
    this.source = source;
    this.proc = proc;
    this.bySockstat = bySockstat;
  }

  /** Returns the inode of the namespace that a process or thread is in, or {@code null}. */
  @Nullable Long of(int id) {
    Long known = bySockstat.apply(proc.sockstatOf(id));
    if (known != null) {
      unreadable.clear(id);
      executing.clear(id);
      return known;
    }
    byte[] link = proc.linkOf(id, "ns/net");
    boolean refused = link == null && !Refusal.PROCESS.is(proc.error());
    unreadable.set(id, refused);
    boolean executes = refused && proc.error() == Errno.EBUSY;
    executing.set(id, executes);
    if (refused && !executes && proc.error() != Errno.EACCES) {
      unexpectedErrno = proc.error();
    }
    return ProcText.namespaceInode(link);
  }

  /**
   * Returns the processes that executed a program when they were read; they are to be read again.
   */
  BitSet executing() {
    return executing;
  }

  /**
   * Returns a gap if a process is not readable and its netlink table does not show either that its
   * namespace is known. One for which there is no time counts as not known, and is the next.
   *
   * @param pids the existing processes
   */
  List<Gap> gaps(BitSet pids, Collection<NetworkNamespace> known, TimeBudget budget) {
    unreadable.and(pids);
    executing.and(pids);
    readAgain(known, budget);
    for (int left = unreadable.cardinality(); left > 0 && !budget.isSpent(); left--) {
      int next = unreadable.nextSetBit(cursor + 1);
      cursor = next >= 0 ? next : unreadable.nextSetBit(0);
      unreadable.set(cursor, !isInOneOf(known, cursor));
    }
    if (unreadable.isEmpty()) {
      return List.of();
    }
    String processes =
        "cannot see the network namespace of "
            + (unreadable.cardinality() == 1
                ? "1 process: "
                : unreadable.cardinality() + " processes: ");
    return List.of(
        new Gap(source, Gap.What.NAMESPACE, processes + why(), Gap.Cause.PROCESSES_CLOSED));
  }

  private String why() {
    if (unexpectedErrno != 0) {
      return Errno.describe(unexpectedErrno);
    }
    return unreadable.intersects(executing)
        ? Errno.describe(Errno.EBUSY)
        : "no right (this needs CAP_SYS_PTRACE)";
  }

  /**
   * Reads the processes again that executed a program: one that starts has its program or has ended
   * a moment later. Each is waited for once only, because its user can make that last.
   */
  private void readAgain(Collection<NetworkNamespace> known, TimeBudget budget) {
    BitSet waiting = (BitSet) executing.clone();
    waiting.andNot(waitedFor);
    for (int i = 0; i < MOST_READINGS && !waiting.isEmpty() && !budget.isSpent(); i++) {
      if (i > 0) {
        LockSupport.parkNanos(WAIT.toNanos());
      }
      for (int id = waiting.nextSetBit(0); id >= 0; id = waiting.nextSetBit(id + 1)) {
        waiting.set(id, !isSettled(id, known));
      }
    }
    waitedFor = (BitSet) executing.clone();
  }

  /** Reads a process again; one in a namespace that is not known is read in the next look too. */
  private boolean isSettled(int id, Collection<NetworkNamespace> known) {
    Long inode = of(id);
    boolean settled = !executing.get(id);
    if (inode != null && known.stream().noneMatch(one -> one.inode() == inode)) {
      unreadable.set(id);
      executing.set(id);
    }
    return settled;
  }

  private boolean isInOneOf(Collection<NetworkNamespace> known, int pid) {
    byte[] table = proc.readWhole("proc/" + pid + "/net/netlink", MAX_NETLINK_BYTES);
    Set<Long> inodes = table == null ? Set.of() : ProcText.netlinkInodes(table);
    return known.stream().anyMatch(namespace -> namespace.tables().isMarkedIn(inodes));
  }
}
