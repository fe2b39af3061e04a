package io.portcurfew.observe.linux;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The /proc of a host, by bytes and by raw system calls: a name that is not UTF-8 survives, and a
 * read allocates nothing but its answer. Not for two threads at once.
 */
final class ProcFs {

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
  private static final int STATX_INO_AT = 32;
  private static final int STATX_CTIME_AT = 96;
  private static final int STATX_DEV_MAJOR_AT = 136;
  private static final int STATX_DEV_MINOR_AT = 140;

  /** linux/stat.h: STATX_NLINK | STATX_UID | STATX_CTIME | STATX_INO. */
  private static final int STATX_MASK = 0x4 | 0x8 | 0x80 | 0x100;

  /** linux/fcntl.h: what is known is enough; a file system that hangs is not asked. */
  private static final int AT_STATX_DONT_SYNC = 0x4000;

  /** linux/fcntl.h. */
  private static final int AT_EMPTY_PATH = 0x1000;

  /** linux/openat2.h: fail rather than ask a file system; since Linux 5.12. */
  private static final long RESOLVE_CACHED = 0x20;

  /** linux/openat2.h: links and .. stay below where the path starts. */
  private static final long RESOLVE_IN_ROOT = 0x10;

  /** linux/openat2.h, sizeof(struct open_how): flags u64, mode u64, resolve u64. */
  private static final long OPEN_HOW_SIZE = 24;

  private final byte[] root;
  private final NativeBuffer path = new NativeBuffer(2 * PATH_MAX);
  private final NativeBuffer data = new NativeBuffer(64 * 1024);
  private int error;

  /**
   * The file that a path leads to.
   *
   * @param links how many names it has; 0 where it was deleted or never had one
   * @param changed when it was last changed, in nanoseconds after 1970
   */
  record FileId(long device, long inode, int links, long uid, long changed) {}

  /** The /proc under this root: {@code /} unless it is a captured host. */
  ProcFs(Path root) {
    String slashed = root.toString().endsWith("/") ? root.toString() : root + "/";
    this.root = slashed.getBytes(StandardCharsets.UTF_8);
  }

  /** The error number of the last call that gave nothing. */
  int error() {
    return error;
  }

  /** Forgets it. */
  void forgetError() {
    error = 0;
  }

  /** The process ids that are there now, in no order. */
  int[] pids() {
    int folder = open("proc", Libc.O_RDONLY);
    int[] pids = numbers(folder);
    close(folder);
    return pids;
  }

  private int[] numbers(int folder) {
    int[] all = new int[0];
    int[] some = folder < 0 ? null : someNumbers(folder, Integer.MAX_VALUE);
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
    long length = Libc.getdents64(folder, data.address(), size);
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
  @Nullable ProcessFolder process(int pid) {
    int fd = open("proc/" + pid, Libc.O_PATH);
    return fd < 0 ? null : new ProcessFolder(this, pid, fd);
  }

  /** Our own process; nothing on a captured host. */
  @Nullable ProcessFolder self() {
    byte[] link = link("proc/self");
    Long pid = link == null ? null : ProcText.number(new String(link, StandardCharsets.ISO_8859_1));
    return pid == null ? null : process(pid.intValue());
  }

  /** What a link below the root says, as it says it. */
  byte @Nullable [] link(String below) {
    long length =
        told(Libc.readlinkat(Libc.AT_FDCWD, path.text(underRoot(below)), data.address(), PATH_MAX));
    return length < 0 ? null : data.copy((int) length);
  }

  /** Opens a path below the root; -1 where it cannot be. */
  int open(String below, int flags) {
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
  byte @Nullable [] read(String below) {
    return drain(open(below, Libc.O_RDONLY), data.size());
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
  long socketAt(int folder, String name) {
    return socketAt(readlink(folder, path.text(name)));
  }

  /** The same of a descriptor of a process, which is held by its folder. */
  long socketAt(int folder, int descriptor) {
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
  @Nullable Long ownerOf(String below) {
    FileId file = file(Libc.AT_FDCWD, path.text(underRoot(below)), AT_STATX_DONT_SYNC);
    return file == null ? null : file.uid();
  }

  /**
   * The file of this absolute path as the first process sees it, so that what a service manager
   * hides from the agent counts for nothing; else as the agent does. Only where the kernel has it
   * at hand: a path may lead into a file system that never answers, so none is asked.
   */
  @Nullable FileId fileAtHand(byte[] absolute) {
    int host = open("proc/1/root", Libc.O_PATH);
    byte[] ours = Arrays.copyOf(root, root.length - 1 + absolute.length);
    System.arraycopy(absolute, 0, ours, root.length - 1, absolute.length);
    byte[] whole = host < 0 ? ours : Arrays.copyOfRange(absolute, 1, absolute.length);
    if (whole.length > PATH_MAX) {
      close(host);
      return null;
    }
    long how = host < 0 ? RESOLVE_CACHED : RESOLVE_CACHED | RESOLVE_IN_ROOT;
    data.bytes().putLong(0, Libc.O_PATH | Libc.O_CLOEXEC).putLong(8, 0).putLong(16, how);
    int from = host < 0 ? Libc.AT_FDCWD : host;
    long name = path.text(whole);
    int fd = (int) told(Libc.syscall(Libc.SYS_OPENAT2, from, name, data.address(), OPEN_HOW_SIZE));
    close(host);
    if (fd < 0) {
      return null;
    }
    FileId file = file(fd, path.text(""), AT_STATX_DONT_SYNC | AT_EMPTY_PATH);
    close(fd);
    return file;
  }

  private @Nullable FileId file(int folder, long address, int flags) {
    long buffer = data.address();
    if (told(Libc.statx(folder, address, flags, STATX_MASK, buffer)) < 0) {
      return null;
    }
    ByteBuffer bytes = data.bytes();
    long device =
        ((long) bytes.getInt(STATX_DEV_MAJOR_AT) << 32)
            | (bytes.getInt(STATX_DEV_MINOR_AT) & 0xFFFFFFFFL);
    return new FileId(
        device,
        bytes.getLong(STATX_INO_AT),
        bytes.getInt(STATX_NLINK_AT),
        bytes.getInt(STATX_UID_AT) & 0xFFFFFFFFL,
        bytes.getLong(STATX_CTIME_AT) * 1_000_000_000 + bytes.getInt(STATX_CTIME_AT + 8));
  }

  void close(int fd) {
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
