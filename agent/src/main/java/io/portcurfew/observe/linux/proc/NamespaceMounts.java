package io.portcurfew.observe.linux.proc;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the network namespaces that are mounted anywhere, in the mount namespace of any process. A
 * pass reads each mount namespace once; if there is too much to read, the next pass goes on.
 */
public final class NamespaceMounts {

  /** The maximum size in bytes of one table of mounts, and of all tables of one pass. */
  private static final int MOST_OF_ONE = 1 << 20;

  private static final int MOST_OF_PASS = 4 << 20;

  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-3][0-7][0-7])");

  private final ProcFs proc;
  private int cursor;

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

  /** Returns one mount for each inode of a network namespace. */
  public Map<Long, Mount> read(BitSet pids) {
    Map<Long, Mount> found = new LinkedHashMap<>();
    Set<Long> tables = new HashSet<>();
    int left = MOST_OF_PASS;
    for (int pid = pids.nextSetBit(cursor); pid >= 0; pid = pids.nextSetBit(pid + 1)) {
      byte[] link = proc.link("proc/" + pid + "/ns/mnt");
      Long table = link == null ? null : ProcText.namespaceInode(link);
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
    return found;
  }

  /**
   * Adds the network namespaces of a table (proc_pid_mountinfo(5)). The root of their mount is
   * {@code net:[N]} on the file system nsfs.
   */
  static void parse(int pid, byte[] mountinfo, Map<Long, Mount> into) {
    for (String line : new String(mountinfo, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      int separator = line.indexOf(" - nsfs ");
      String[] fields = separator < 0 ? new String[0] : line.substring(0, separator).split(" ", -1);
      if (fields.length > 4 && fields[3].startsWith("net:[")) {
        Long inode = ProcText.namespaceInode(fields[3].getBytes(StandardCharsets.ISO_8859_1));
        if (inode != null) {
          into.putIfAbsent(inode, new Mount(pid, unescaped(fields[4])));
        }
      }
    }
  }

  /**
   * Replaces {@code \\NNN}, by which the kernel writes a space, a tab, a line end or a backslash.
   */
  private static String unescaped(String path) {
    return ESCAPE
        .matcher(path)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    Character.toString((char) Integer.parseInt(found.group(1), 8))));
  }
}
