package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.file.NamespaceMounts;
import io.portcurfew.observe.linux.proc.ProcCovers;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.TimeBudget;
import java.util.BitSet;
import java.util.List;

/**
 * Reads now and then which network namespaces a mount keeps, and which parts of /proc one hides.
 */
final class MountTurns {

  /** The number of looks from one pass through the mounts to the next. */
  private static final int LOOKS_PER_PASS = 16;

  private final String source;
  private final ProcFs proc;
  private final KnownNamespaces known;
  private final NamespaceMounts mounts;
  private List<Gap> covers = List.of();
  private boolean seesUnderCovers;

  MountTurns(String source, ProcFs proc, KnownNamespaces known) {
    this.source = source;
    this.proc = proc;
    this.known = known;
    this.mounts = new NamespaceMounts(proc);
  }

  /**
   * Reads the mounts if it is their turn.
   *
   * @param look the number of the look
   * @param pids the existing processes
   * @return true if processes that a mount covered can be read from now on
   */
  boolean read(int look, BitSet pids, TimeBudget budget) {
    if ((look % LOOKS_PER_PASS != 0 && !mounts.isLate()) || proc.isCaptured()) {
      return false;
    }
    mounts
        .read(pids, budget)
        .forEach(
            (inode, mount) -> known.keep(inode, new MountKeeper(proc, mount.pid(), mount.path())));
    ProcCovers found = ProcCovers.read(proc);
    boolean sees = found.isAny() && proc.readFromOwnMount();
    covers = ProcCoverGaps.of(source, found, sees);
    boolean first = sees && !seesUnderCovers;
    seesUnderCovers |= sees;
    return first;
  }

  /** Returns true if there was no time to read all, and no pass has ended yet. */
  boolean isLate() {
    return mounts.isLate();
  }

  /** Returns the gaps of the parts that mounts hide. */
  List<Gap> gaps() {
    return covers;
  }
}
