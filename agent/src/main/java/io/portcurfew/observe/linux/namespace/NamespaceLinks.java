package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.process.TimeBudget;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the network namespaces of processes and threads, and remembers those that are refused. */
final class NamespaceLinks {

  /** The size limit in bytes of a netlink table, about 10,000 rows. */
  private static final int MAX_NETLINK_BYTES = 1 << 20;

  private final String source;
  private final ProcFs proc;
  private final BitSet unreadable = new BitSet();
  private int unexpectedErrno;
  private int cursor = -1;

  NamespaceLinks(String source, ProcFs proc) {
    this.source = source;
    this.proc = proc;
  }

  /** Returns the inode of the namespace that a process or thread is in, or {@code null}. */
  @Nullable Long of(int id) {
    byte[] link = proc.linkOf(id, "ns/net");
    boolean refused = link == null && !Refusal.PROCESS.is(proc.error());
    unreadable.set(id, refused);
    if (refused && proc.error() != Errno.EACCES) {
      unexpectedErrno = proc.error();
    }
    return ProcText.namespaceInode(link);
  }

  /**
   * Returns a gap if a process is not readable and its netlink table does not show either that its
   * namespace is known. What there is no time for counts as not known, and is next.
   *
   * @param pids the existing processes
   */
  List<Gap> gaps(BitSet pids, Collection<NetworkNamespace> known, TimeBudget budget) {
    unreadable.and(pids);
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
    String why =
        unexpectedErrno == 0
            ? "no right (this needs CAP_SYS_PTRACE)"
            : Errno.describe(unexpectedErrno);
    return List.of(
        new Gap(source, Gap.What.NAMESPACE, processes + why, Gap.Cause.PROCESSES_CLOSED));
  }

  private boolean isInOneOf(Collection<NetworkNamespace> known, int pid) {
    byte[] table = proc.readWhole("proc/" + pid + "/net/netlink", MAX_NETLINK_BYTES);
    Set<Long> inodes = table == null ? Set.of() : ProcText.netlinkInodes(table);
    return known.stream().anyMatch(namespace -> namespace.tables().isMarkedIn(inodes));
  }
}
