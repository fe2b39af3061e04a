package io.portcurfew.observe.linux.file;

import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcText;
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
 *
 * <p>Two processes for which mountinfo begins alike, with the number of a mount and its path, see
 * the same mounts: no other mount of any namespace has the number, and the path follows from their
 * root. The kernel shows it without a right over the process, and waits for none of its locks.
 */
public final class NamespaceMounts {

  /** The maximum size in bytes of one table of mounts, and of all tables of one pass. */
  private static final int MOST_OF_ONE = 1 << 20;

  private static final int MOST_OF_PASS = 4 << 20;

  /** The kernel makes no more lines than these bytes take. */
  private static final int MOST_OF_START = 64;

  /** The number of a mount, three other fields and its path (proc_pid_mountinfo(5)). */
  private static final int FIELDS = 5;

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
    Set<String> tables = new HashSet<>();
    int left = MOST_OF_PASS;
    late = false;
    for (int pid = pids.nextSetBit(cursor); pid >= 0; pid = pids.nextSetBit(pid + 1)) {
      if (budget.isSpent()) {
        cursor = pid;
        late = !passed;
        return found;
      }
      int table = proc.open("proc/" + pid + "/mountinfo", Libc.O_RDONLY);
      byte[] text = isNew(table, tables) ? proc.readWhole(table, MOST_OF_ONE) : null;
      proc.close(table);
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
   * Returns true unless the table is empty, or one that begins alike was read in this pass. A table
   * whose first path is too long is read in any case.
   */
  private boolean isNew(int table, Set<String> starts) {
    byte[] start = proc.startOf(table, MOST_OF_START);
    String text = start == null ? "" : new String(start, StandardCharsets.ISO_8859_1);
    int end = -1;
    for (int field = 0; field < FIELDS && (field == 0 || end >= 0); field++) {
      end = text.indexOf(' ', end + 1);
    }
    return end < 0 ? !text.isEmpty() : starts.add(text.substring(0, end));
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
