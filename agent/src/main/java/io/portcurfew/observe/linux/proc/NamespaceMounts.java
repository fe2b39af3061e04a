package io.portcurfew.observe.linux.proc;

import io.portcurfew.process.TimeBudget;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Finds the network namespaces that are mounted anywhere, in the mount namespace of any process. A
 * pass reads each mount namespace once; if there is too much to read, the next pass goes on.
 */
public final class NamespaceMounts {

  /** The maximum size in bytes of one table of mounts, and of all tables of one pass. */
  private static final int MOST_OF_ONE = 1 << 20;

  private static final int MOST_OF_PASS = 4 << 20;

  private final ProcFs proc;
  private int cursor;
  private boolean passed;
  private boolean late;

  /** Creates a reader of this /proc. */
  public NamespaceMounts(ProcFs proc) {
    this.proc = proc;
  }

  /**
   * A mount of a network namespace.
   *
   * @param pid a process in whose mount namespace it is
   * @param path the path there, byte for byte as ISO 8859-1
   */
  public record Mount(int pid, String path) {}

  /** Returns true if the last pass had no time to read all, and none before it has read all. */
  public boolean isLate() {
    return late;
  }

  /** Returns one mount for each inode of a network namespace. */
  public Map<Long, Mount> read(BitSet pids, TimeBudget budget) {
    Map<Long, Mount> found = new LinkedHashMap<>();
    Set<Long> tables = new HashSet<>();
    int left = MOST_OF_PASS;
    late = false;
    for (int pid = pids.nextSetBit(cursor); pid >= 0; pid = pids.nextSetBit(pid + 1)) {
      if (budget.isSpent()) {
        cursor = pid;
        late = !passed;
        return found;
      }
      Long table = ProcText.namespaceInode(proc.linkOf(pid, "ns/mnt"));
      if (table == null || !tables.add(table)) {
        continue;
      }
      byte[] text = proc.readWhole("proc/" + pid + "/mountinfo", MOST_OF_ONE);
      left -= text == null ? 0 : text.length;
      parse(pid, text == null ? new byte[0] : text, found);
      if (left <= 0) {
        cursor = pid + 1;
        return found;
      }
    }
    cursor = 0;
    passed = true;
    return found;
  }

  /**
   * Adds the network namespaces of a table (proc_pid_mountinfo(5)). The root of their mount is
   * {@code net:[N]} on the file system nsfs.
   */
  static void parse(int pid, byte[] mountinfo, Map<Long, Mount> into) {
    for (MountLine line : MountLine.parse(mountinfo)) {
      boolean isNetwork = line.kind().equals("nsfs") && line.root().startsWith("net:[");
      Long inode =
          isNetwork
              ? ProcText.namespaceInode(line.root().getBytes(StandardCharsets.ISO_8859_1))
              : null;
      if (inode != null) {
        into.putIfAbsent(inode, new Mount(pid, line.point()));
      }
    }
  }
}
