package io.portcurfew.observe.linux.proc;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The /proc of a host, by bytes and by raw system calls: a name that is not UTF-8 survives, and a
 * read allocates nothing but its answer. Not for two threads at once.
 */
public final class ProcFs {

  /** linux/limits.h. */
  private static final int PATH_MAX = 4096;

  // linux/dirent.h, struct linux_dirent64: d_ino u64, d_off s64, d_reclen u16, d_type u8, d_name.
  private static final int DIRENT_RECLEN_AT = 16;
  private static final int DIRENT_NAME_AT = 19;

  /** An entry is padded to 8 bytes: names of one letter, and of up to twelve. */
  private static final int DIRENT_LEAST = 24;

  private static final int DIRENT_SIZE = 32;

  // linux/stat.h, struct statx.
  private static final int STATX_NLINK_AT = 16;
  private static final int STATX_UID_AT = 20;
  private static final int STATX_MODE_AT = 28;
  private static final int STATX_INO_AT = 32;
  private static final int STATX_CTIME_AT = 96;
  private static final int STATX_DEV_MAJOR_AT = 136;
  private static final int STATX_DEV_MINOR_AT = 140;
  private static final int STATX_MNT_ID_AT = 144;

  /** linux/stat.h: STATX_TYPE | STATX_NLINK | STATX_UID | STATX_CTIME | STATX_INO. */
  private static final int STATX_MASK = 0x1 | 0x4 | 0x8 | 0x80 | 0x100;

  /** linux/stat.h: since Linux 5.8. */
  private static final int STATX_MNT_ID = 0x1000;

  /** linux/fcntl.h: what is known is enough; a file system that hangs is not asked. */
  private static final int AT_STATX_DONT_SYNC = 0x4000;

  /** linux/fcntl.h. */
  private static final int AT_EMPTY_PATH = 0x1000;

  /** linux/nsfs.h. */
  private static final long NS_GET_NSTYPE = 0xb703;

  // linux/stat.h.
  private static final int S_IFMT = 0xF000;
  private static final int S_IFLNK = 0xA000;

  private final byte[] root;
  private final NativeBuffer path = new NativeBuffer(2 * PATH_MAX);
  private final NativeBuffer data = new NativeBuffer(64 * 1024);
  private int error;

  /**
   * The file that a path leads to.
   *
   * @param links how many names it has; 0 where it was deleted or never had one
   * @param changed when it was last changed, in nanoseconds after 1970
   * @param isLink whether it is a symbolic link itself
   */
  public record FileId(long device, long inode, int links, long uid, long changed, boolean isLink) {

    /** Whether both are the same file, whatever was changed about it. */
    boolean isSameAs(FileId other) {
      return device == other.device && inode == other.inode;
    }
  }

  /** The /proc under this root: {@code /} unless it is a captured host. */
  public ProcFs(Path root) {
    String slashed = root.toString().endsWith("/") ? root.toString() : root + "/";
    this.root = slashed.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether it is that of a captured host, which does not run. */
  public boolean isCaptured() {
    return root.length > 1;
  }

  /** The error number of the last call that gave nothing. */
  public int error() {
    return error;
  }

  /** Forgets it. */
  void forgetError() {
    error = 0;
  }

  /** The process ids that are there now, in no order; nothing where they cannot be listed. */
  int @Nullable [] pids() {
    forgetError();
    int folder = open("proc", Libc.O_RDONLY);
    int[] pids = folder < 0 ? null : numbers(folder);
    int failed = error;
    close(folder);
    return failed == 0 ? pids : null;
  }

  private int[] numbers(int folder) {
    int[] all = new int[0];
    int[] some = someNumbers(folder, Integer.MAX_VALUE);
    while (some != null) {
      int before = all.length;
      all = Arrays.copyOf(all, before + some.length);
      System.arraycopy(some, 0, all, before, some.length);
      some = someNumbers(folder, Integer.MAX_VALUE);
    }
    return all;
  }

  /**
   * The next entries of an open folder whose names are numbers, and nothing once there are no more.
   *
   * @param most about how many
   */
  int @Nullable [] someNumbers(int folder, int most) {
    long size = Math.min(data.size(), Math.max(1L, most) * DIRENT_SIZE);
    long length = told(Libc.getdents64(folder, data.address(), size));
    if (length <= 0) {
      return null;
    }
    ByteBuffer bytes = data.bytes();
    int[] found = new int[(int) length / DIRENT_LEAST];
    int count = 0;
    for (int at = 0; at < length; at += bytes.getShort(at + DIRENT_RECLEN_AT) & 0xFFFF) {
      int number = number(bytes, at + DIRENT_NAME_AT);
      if (number >= 0) {
        found[count++] = number;
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** The names in an open folder, about {@code most} of them; nothing where it fails. */
  @Nullable List<String> names(int folder, int most) {
    List<String> names = new ArrayList<>();
    long length = 1;
    while (length > 0 && names.size() < most) {
      length = told(Libc.getdents64(folder, data.address(), data.size()));
      ByteBuffer bytes = data.bytes();
      for (int at = 0; at < length; at += bytes.getShort(at + DIRENT_RECLEN_AT) & 0xFFFF) {
        String name = name(bytes, at + DIRENT_NAME_AT);
        if (!name.equals(".") && !name.equals("..")) {
          names.add(name);
        }
      }
    }
    return length < 0 ? null : names;
  }

  private static String name(ByteBuffer bytes, int from) {
    int end = from;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] raw = new byte[end - from];
    bytes.get(from, raw);
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  private static int number(ByteBuffer bytes, int from) {
    int value = 0;
    int at = from;
    for (; bytes.get(at) != 0; at++) {
      int digit = bytes.get(at) - '0';
      if (digit < 0 || digit > 9 || at - from > 8) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return at == from ? -1 : value;
  }

  /** Holds a process by its folder; nothing where there is none, or it is hidden from us. */
  public @Nullable ProcessFolder process(int pid) {
    int fd = open("proc/" + pid, Libc.O_PATH);
    return fd < 0 ? null : new ProcessFolder(this, pid, fd);
  }

  /** Our own process; nothing on a captured host. */
  public @Nullable ProcessFolder self() {
    byte[] link = link("proc/self");
    Long pid = link == null ? null : ProcText.number(new String(link, StandardCharsets.ISO_8859_1));
    return pid == null ? null : process(pid.intValue());
  }

  /** What a link below the root says, as it says it. */
  public byte @Nullable [] link(String below) {
    long length =
        told(Libc.readlinkat(Libc.AT_FDCWD, path.text(underRoot(below)), data.address(), PATH_MAX));
    return length < 0 ? null : data.copy((int) length);
  }

  /** Opens a path below the root; -1 where it cannot be. */
  public int open(String below, int flags) {
    return openAt(Libc.AT_FDCWD, path.text(underRoot(below)), flags);
  }

  int openAt(int folder, String name, int flags) {
    return openAt(folder, path.text(name), flags);
  }

  private int openAt(int folder, long address, int flags) {
    return (int) told(Libc.openat(folder, address, flags | Libc.O_CLOEXEC, 0));
  }

  private byte[] underRoot(String below) {
    byte[] tail = below.getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = Arrays.copyOf(root, root.length + tail.length);
    System.arraycopy(tail, 0, whole, root.length, tail.length);
    return whole;
  }

  /** Reads a file below the root, at most 64 KiB of it. */
  public byte @Nullable [] read(String below) {
    return drain(open(below, Libc.O_RDONLY), data.size());
  }

  /** Reads a file below the root, at most so much of it. */
  byte @Nullable [] readWhole(String below, int most) {
    int fd = open(below, Libc.O_RDONLY);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    long got = fd < 0 ? -1 : 1;
    while (got > 0 && whole.size() < most) {
      got = told(Libc.read(fd, data.address(), data.size()));
      whole.write(data.copy((int) Math.max(got, 0)), 0, (int) Math.max(got, 0));
    }
    close(fd);
    return got < 0 ? null : whole.toByteArray();
  }

  /** Reads the first bytes of a file below a folder, at most {@code most}, at most 64 KiB. */
  byte @Nullable [] readAt(int folder, String name, int most) {
    return drain(openAt(folder, name, Libc.O_RDONLY), most);
  }

  private byte @Nullable [] drain(int fd, int most) {
    if (fd < 0) {
      return null;
    }
    long length = 0;
    long got = 1;
    while (got > 0 && length < most) {
      got = told(Libc.read(fd, data.address() + length, most - length));
      length += Math.max(got, 0);
    }
    close(fd);
    return got < 0 ? null : data.copy((int) length);
  }

  /** What a link says, as it says it. */
  byte @Nullable [] linkAt(int folder, String name) {
    long length = readlink(folder, path.text(name));
    return length < 0 ? null : data.copy((int) length);
  }

  /** The inode of the socket that a link in /proc/PID/fd leads to; 0 where it leads to none. */
  public long socketAt(int folder, String name) {
    return socketAt(readlink(folder, path.text(name)));
  }

  /** The same of a descriptor of a process, which is held by its folder. */
  public long socketAt(int folder, int descriptor) {
    return socketAt(readlink(folder, path.text("fd/", descriptor)));
  }

  private long socketAt(long length) {
    return length < 0 ? 0 : ProcText.socketInode(data.bytes(), (int) length);
  }

  private long readlink(int folder, long name) {
    return told(Libc.readlinkat(folder, name, data.address(), PATH_MAX));
  }

  /** The file behind a path below a folder, through links; nothing is asked of its file system. */
  @Nullable FileId fileAt(int folder, String name) {
    return file(folder, path.text(name), AT_STATX_DONT_SYNC);
  }

  /** The number of the user to whom a path below the root belongs. */
  public @Nullable Long ownerOf(String below) {
    FileId file = file(Libc.AT_FDCWD, path.text(underRoot(below)), AT_STATX_DONT_SYNC);
    return file == null ? null : file.uid();
  }

  /** The file that a descriptor holds; nothing is asked of its file system. */
  public @Nullable FileId file(int fd) {
    return file(fd, path.text(""), AT_STATX_DONT_SYNC | AT_EMPTY_PATH);
  }

  /**
   * Where the file is that a descriptor holds.
   *
   * @param mount the number of the mount; {@code null} before Linux 5.8
   */
  record Where(@Nullable Integer mount, long device) {}

  /** Where the file is that a descriptor holds: the kernel itself knows, and no file system. */
  @Nullable Where where(int fd) {
    long name = path.text("");
    int flags = AT_STATX_DONT_SYNC | AT_EMPTY_PATH;
    if (told(Libc.statx(fd, name, flags, STATX_MNT_ID, data.address())) < 0) {
      return null;
    }
    ByteBuffer bytes = data.bytes();
    boolean known = (bytes.getInt(0) & STATX_MNT_ID) != 0;
    return new Where(known ? (int) bytes.getLong(STATX_MNT_ID_AT) : null, device(bytes));
  }

  /** What NS_GET_NSTYPE of linux/nsfs.h says of an open namespace; -1 where it fails. */
  public int namespaceType(int fd) {
    return (int) told(Libc.ioctl(fd, NS_GET_NSTYPE, 0));
  }

  private @Nullable FileId file(int folder, long address, int flags) {
    long buffer = data.address();
    if (told(Libc.statx(folder, address, flags, STATX_MASK, buffer)) < 0) {
      return null;
    }
    ByteBuffer bytes = data.bytes();
    return new FileId(
        device(bytes),
        bytes.getLong(STATX_INO_AT),
        bytes.getInt(STATX_NLINK_AT),
        bytes.getInt(STATX_UID_AT) & 0xFFFFFFFFL,
        bytes.getLong(STATX_CTIME_AT) * 1_000_000_000 + bytes.getInt(STATX_CTIME_AT + 8),
        (bytes.getShort(STATX_MODE_AT) & S_IFMT) == S_IFLNK);
  }

  private static long device(ByteBuffer bytes) {
    return ((long) bytes.getInt(STATX_DEV_MAJOR_AT) << 32)
        | (bytes.getInt(STATX_DEV_MINOR_AT) & 0xFFFFFFFFL);
  }

  public void close(int fd) {
    if (fd >= 0) {
      Libc.close(fd);
    }
  }

  private long told(long result) {
    if (result < 0) {
      error = Native.getLastError();
    }
    return result;
  }
}
