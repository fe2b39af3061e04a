package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.HostText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses the text files of /proc, as described in Documentation/filesystems/proc.rst; pure. */
public final class ProcText {

  private static final byte[] SOCKET = "socket:[".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern CAPABILITIES = Pattern.compile("[0-9a-f]{1,16}");
  private static final int PARENT = 1;
  private static final int START_TIME = 19;

  /** linux/auxvec.h. */
  private static final int AT_SECURE = 23;

  private ProcText() {}

  /**
   * The facts of /proc/PID/stat.
   *
   * @param name the name that the process gave itself, at most 15 bytes
   * @param parent the process id of its parent, or 0 for none
   * @param startTicks the time of its start, in hundredths of a second after boot (USER_HZ)
   */
  public record Stat(HostText name, int parent, long startTicks) {}

  /** Parses /proc/PID/stat. The name may contain any byte, so it ends at the last parenthesis. */
  public static @Nullable Stat stat(byte[] raw) {
    int open = indexOf(raw, '(', 0);
    int close = raw.length - 1;
    while (close >= 0 && raw[close] != ')') {
      close--;
    }
    if (open < 0 || close < open || close + 2 > raw.length) {
      return null;
    }
    String[] fields = text(raw, close + 1, raw.length).trim().split(" ", -1);
    Long parent = fields.length > START_TIME ? number(fields[PARENT]) : null;
    Long start = fields.length > START_TIME ? number(fields[START_TIME]) : null;
    if (parent == null || start == null || parent > Integer.MAX_VALUE) {
      return null;
    }
    HostText name = HostText.of(Arrays.copyOfRange(raw, open + 1, close));
    return new Stat(name, parent.intValue(), start);
  }

  /**
   * The users of a process (credentials(7)).
   *
   * @param real the user who started it
   * @param effective the user whose permissions the kernel checks
   */
  public record Users(long real, long effective) {}

  /** Returns the users in /proc/PID/status. The kernel escapes line ends in the name there. */
  public static @Nullable Users users(byte[] status) {
    String value = value(status, "Uid:\t");
    String[] uids = value == null ? new String[0] : value.split("\t", -1);
    Long real = uids.length > 1 ? number(uids[0]) : null;
    Long effective = uids.length > 1 ? number(uids[1]) : null;
    return (real == null || effective == null) ? null : new Users(real, effective);
  }

  /**
   * Returns true for a process that has no memory but a stack, as execve(2) leaves it until it
   * loads the program (proc_pid_statm(5): size resident shared text lib data dirty; data includes
   * the stack). Text alone says nothing: the file of a program may name an empty segment as its
   * code. A thread of the kernel and an ended process have no memory at all.
   */
  static boolean hasNoProgram(ByteBuffer statm, int length) {
    int blanks = 0;
    int text = 0;
    for (int at = 0; at < length; at++) {
      if (statm.get(at) == ' ') {
        blanks++;
      } else if (blanks == 3) {
        text = statm.get(at) == '0' ? text : 1;
      }
    }
    boolean hasMemory = length > 1 && statm.get(0) != '0';
    return hasMemory && blanks >= 4 && text == 0 && isOnlyAStack(statm, length);
  }

  private static boolean isOnlyAStack(ByteBuffer statm, int length) {
    byte[] raw = new byte[length];
    statm.get(0, raw);
    String[] pages = new String(raw, StandardCharsets.ISO_8859_1).split(" ", -1);
    return pages.length == 7 && pages[2].equals("0") && pages[0].equals(pages[5]);
  }

  /**
   * Returns the id of the process that a thread belongs to, from Tgid of /proc/TID/status
   * (proc_pid_status(5)), or {@code null} if it is missing.
   */
  public static @Nullable Integer threadGroup(byte[] status) {
    String value = value(status, "Tgid:\t");
    Long group = value == null ? null : number(value.trim());
    return group == null ? null : group.intValue();
  }

  /**
   * Returns the number of nested pid namespaces of the process, from that of the mounted /proc. The
   * source is NSpid of /proc/PID/status (proc_pid_status(5)), which exists since Linux 4.1. The
   * result is 0 for older kernels.
   */
  static int pidNamespaces(byte[] status) {
    String value = value(status, "NSpid:\t");
    return value == null ? 0 : value.trim().split("\t", -1).length;
  }

  /**
   * Returns the effective capabilities of the process, one bit for each number of
   * linux/capability.h. The source is CapEff of /proc/PID/status (proc_pid_status(5)). The result
   * is 0 if the line is missing or malformed.
   */
  public static long effectiveCapabilities(byte[] status) {
    String value = value(status, "CapEff:\t");
    return value != null && CAPABILITIES.matcher(value).matches()
        ? Long.parseUnsignedLong(value, 16)
        : 0;
  }

  /**
   * Returns true if a program has rights of its file, by AT_SECURE of /proc/PID/auxv (getauxval(3),
   * cap_bprm_creds_from_file in security/commoncap.c): those of its capabilities or of set-user-ID.
   * Rights of whoever starts it do not count. It is true where that line is missing.
   */
  public static boolean hasRightsOfItsFile(byte[] auxiliary) {
    ByteBuffer pairs = ByteBuffer.wrap(auxiliary).order(ByteOrder.nativeOrder());
    while (pairs.remaining() >= 2 * Long.BYTES) {
      boolean isSecure = pairs.getLong() == AT_SECURE;
      long value = pairs.getLong();
      if (isSecure) {
        return value != 0;
      }
    }
    return true;
  }

  /** Returns the first argument of /proc/PID/cmdline, or {@code null} if it is empty. */
  public static byte @Nullable [] firstArgument(byte[] cmdline) {
    int end = indexOf(cmdline, 0, 0);
    byte[] first = Arrays.copyOf(cmdline, end < 0 ? cmdline.length : end);
    return first.length == 0 ? null : first;
  }

  /**
   * Returns the boot time in seconds after 1970 from /proc/stat, or {@code null} if it is missing.
   */
  public static @Nullable Long bootTime(byte[] stat) {
    String value = value(stat, "btime ");
    return value == null ? null : number(value);
  }

  /**
   * Returns the uptime of the host in hundredths of a second (USER_HZ), or {@code null} if the text
   * is malformed. The uptime is the first of two numbers with two decimals each in /proc/uptime
   * (proc_uptime(5)).
   */
  public static @Nullable Long uptimeTicks(byte[] uptime) {
    String[] words = text(uptime, 0, uptime.length).split(" ", 2);
    String[] parts = words[0].split("\\.", -1);
    return parts.length == 2 && parts[1].length() == 2 ? number(parts[0] + parts[1]) : null;
  }

  /** Returns the inode in a link {@code socket:[N]}, or 0 for another link. */
  static long socketInode(ByteBuffer link, int length) {
    int last = length - 1;
    if (length < SOCKET.length + 2 || length > SOCKET.length + 19 || link.get(last) != ']') {
      return 0;
    }
    for (int i = 0; i < SOCKET.length; i++) {
      if (link.get(i) != SOCKET[i]) {
        return 0;
      }
    }
    long inode = 0;
    for (int i = SOCKET.length; i < last; i++) {
      int digit = link.get(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      inode = 10 * inode + digit;
    }
    return inode;
  }

  /**
   * Returns the inode in a link {@code net:[N]} or {@code pid:[N]}, or {@code null} for another
   * link or none.
   */
  public static @Nullable Long namespaceInode(byte @Nullable [] link) {
    return inode(link, 3);
  }

  /** Returns the inode in a link {@code user:[N]}, or {@code null} for another link or none. */
  public static @Nullable Long userNamespaceInode(byte @Nullable [] link) {
    return inode(link, 4);
  }

  private static @Nullable Long inode(byte @Nullable [] link, int name) {
    if (link == null) {
      return null;
    }
    int last = link.length - 1;
    boolean whole =
        last > name + 1 && link[name] == ':' && link[name + 1] == '[' && link[last] == ']';
    return whole ? number(text(link, name + 2, last)) : null;
  }

  /** Returns the inodes in /proc/net/netlink, from the last field of each row after the header. */
  public static Set<Long> netlinkInodes(byte[] table) {
    Set<Long> inodes = new HashSet<>();
    for (String line : text(table, 0, table.length).split("\n", -1)) {
      String row = line.trim();
      Long inode = number(row.substring(row.lastIndexOf(' ') + 1));
      if (inode != null) {
        inodes.add(inode);
      }
    }
    return inodes;
  }

  /** Parses a number without sign, or returns {@code null} if the text is no such number. */
  public static @Nullable Long number(String digits) {
    if (digits.isEmpty() || digits.length() > 18) {
      return null;
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      value = 10 * value + digit;
    }
    return value;
  }

  private static int indexOf(byte[] raw, int wanted, int from) {
    for (int i = from; i < raw.length; i++) {
      if (raw[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the rest of the first line that starts with this text, or {@code null}. */
  private static @Nullable String value(byte[] raw, String start) {
    for (String line : text(raw, 0, raw.length).split("\n", -1)) {
      if (line.startsWith(start)) {
        return line.substring(start.length());
      }
    }
    return null;
  }

  private static String text(byte[] raw, int from, int to) {
    return new String(raw, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
