package io.portcurfew.observe.linux.proc;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.io.ByteArrayOutputStream;
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

  /** linux/fcntl.h: the kernel answers by its own knowledge, and never asks a remote server. */
  private static final int AT_STATX_DONT_SYNC = 0x4000;

  /** linux/fcntl.h. */
  private static final int AT_EMPTY_PATH = 0x1000;

  /** linux/nsfs.h. */
  private static final long NS_GET_NSTYPE = 0xb703;

  /** linux/nsfs.h. */
  private static final long NS_GET_USERNS = 0xb701;

  /** linux/nsfs.h. */
  private static final long NS_GET_OWNER_UID = 0xb704;

  private final byte[] root;
  private final NativeBuffer path = new NativeBuffer(2 * PATH_MAX);
  private final NativeBuffer data = new NativeBuffer(64 * 1024);
  private int error;
  private @Nullable Boolean ownPids;

  /** The /proc under this root: {@code /} unless it is a captured host. */
  public ProcFs(Path root) {
    String slashed = root.toString().endsWith("/") ? root.toString() : root + "/";
    this.root = slashed.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether the host is a captured one, which does not run. */
  public boolean isCaptured() {
    return root.length > 1;
  }

  /**
   * Whether its numbers of processes are those of our own pid namespace; also of a captured host.
   * /proc/loadavg gives a number of the reader's namespace, and pidfd_open(2) takes one.
   */
  boolean isOfOwnPidNamespace() {
    Boolean known = ownPids;
    if (known == null) {
      byte[] status = read("proc/self/status");
      known = status == null ? isCaptured() : ProcText.pidNamespaces(status) <= 1;
      ownPids = known;
    }
    return known;
  }

  /** The error number of the last call of this object that failed. */
  public int error() {
    return error;
  }

  /** Sets the error number to 0. */
  public void forgetError() {
    error = 0;
  }

  /** The process ids of this moment, in no order; {@code null} where they cannot be listed. */
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
   * The next entries of an open folder whose names are numbers; {@code null} at its end.
   *
   * @param most about how many
   */
  int @Nullable [] someNumbers(int folder, int most) {
    long size = Math.min(data.size(), Math.max(1L, most) * FolderEntries.USUAL_SIZE);
    long length = checked(Libc.getdents64(folder, data.address(), size));
    if (length <= 0) {
      return null;
    }
    return FolderEntries.numbers(data.bytes(), (int) length);
  }

  /** The names in an open folder, about {@code most} of them; {@code null} where it fails. */
  @Nullable List<String> names(int folder, int most) {
    List<String> names = new ArrayList<>();
    long length = 1;
    while (length > 0 && names.size() < most) {
      length = checked(Libc.getdents64(folder, data.address(), data.size()));
      FolderEntries.addNames(data.bytes(), (int) Math.max(length, 0), names);
    }
    return length < 0 ? null : names;
  }

  /** Holds a process by its folder; {@code null} where it has ended or is hidden from us. */
  public @Nullable ProcessFolder process(int pid) {
    int fd = open("proc/" + pid, Libc.O_PATH);
    return fd < 0 ? null : new ProcessFolder(this, pid, fd);
  }

  /** Our own process; {@code null} on a captured host. */
  public @Nullable ProcessFolder self() {
    byte[] link = link("proc/self");
    Long pid = link == null ? null : ProcText.number(new String(link, StandardCharsets.ISO_8859_1));
    return pid == null ? null : process(pid.intValue());
  }

  /** The bytes of a link below the root; {@code null} where it cannot be read. */
  public byte @Nullable [] link(String below) {
    long length = readlink(Libc.AT_FDCWD, path.text(underRoot(below)));
    return length < 0 ? null : data.copy((int) length);
  }

  /** Opens a path below the root; -1 where that fails. */
  public int open(String below, int flags) {
    return openAt(Libc.AT_FDCWD, path.text(underRoot(below)), flags);
  }

  /** Opens a path below a folder; -1 where that fails. */
  int openAt(int folder, String name, int flags) {
    return openAt(folder, path.text(name), flags);
  }

  private int openAt(int folder, long address, int flags) {
    return (int) checked(Libc.openat(folder, address, flags | Libc.O_CLOEXEC, 0));
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

  /** Reads the first bytes of a file below the root, at most about {@code most}. */
  public byte @Nullable [] readWhole(String below, int most) {
    int fd = open(below, Libc.O_RDONLY);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    long got = fd < 0 ? -1 : 1;
    while (got > 0 && whole.size() < most) {
      got = checked(Libc.read(fd, data.address(), data.size()));
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
      got = checked(Libc.read(fd, data.address() + length, most - length));
      length += Math.max(got, 0);
    }
    close(fd);
    return got < 0 ? null : data.copy((int) length);
  }

  /** The bytes of a link below a folder; {@code null} where it cannot be read. */
  byte @Nullable [] linkAt(int folder, String name) {
    long length = readlink(folder, path.text(name));
    return length < 0 ? null : data.copy((int) length);
  }

  /** The inode of the socket to which a link in /proc/PID/fd leads; 0 where it leads to none. */
  public long socketAt(int folder, String name) {
    return socketAt(readlink(folder, path.text(name)));
  }

  /** The inode of the socket at a descriptor of a process, which is held by its folder. */
  public long socketAt(int folder, int descriptor) {
    return socketAt(readlink(folder, path.text("fd/", descriptor)));
  }

  private long socketAt(long length) {
    return length < 0 ? 0 : ProcText.socketInode(data.bytes(), (int) length);
  }

  private long readlink(int folder, long name) {
    return checked(Libc.readlinkat(folder, name, data.address(), PATH_MAX));
  }

  /** The file behind a path below a folder, through links; its file system is not asked. */
  @Nullable FileId fileAt(int folder, String name) {
    return file(folder, path.text(name), AT_STATX_DONT_SYNC);
  }

  /** The number of the user who owns a path below the root; {@code null} where that fails. */
  public @Nullable Long ownerOf(String below) {
    FileId file = file(Libc.AT_FDCWD, path.text(underRoot(below)), AT_STATX_DONT_SYNC);
    return file == null ? null : file.uid();
  }

  /** The file of a descriptor; its file system is not asked. */
  public @Nullable FileId file(int fd) {
    return file(fd, path.text(""), AT_STATX_DONT_SYNC | AT_EMPTY_PATH);
  }

  /** The mount of the file behind a path below a folder, through links. */
  @Nullable FilePlace placeAt(int folder, String name) {
    return place(folder, path.text(name), AT_STATX_DONT_SYNC);
  }

  /** The mount of the file of a descriptor, which the kernel knows without its file system. */
  @Nullable FilePlace place(int fd) {
    return place(fd, path.text(""), AT_STATX_DONT_SYNC | AT_EMPTY_PATH);
  }

  private @Nullable FilePlace place(int folder, long name, int flags) {
    if (checked(Libc.statx(folder, name, flags, StatxAnswer.PLACE, data.address())) < 0) {
      return null;
    }
    return StatxAnswer.place(data.bytes());
  }

  /** The kind of an open namespace by NS_GET_NSTYPE of linux/nsfs.h; -1 where that fails. */
  public int namespaceType(int fd) {
    return (int) checked(Libc.ioctl(fd, NS_GET_NSTYPE, 0));
  }

  /** The user who made the user namespace that owns this open namespace; nothing where it fails. */
  public @Nullable Long namespaceOwner(int fd) {
    int users = (int) checked(Libc.ioctl(fd, NS_GET_USERNS, 0));
    if (users < 0) {
      return null;
    }
    long result = checked(Libc.ioctl(users, NS_GET_OWNER_UID, data.address()));
    close(users);
    return result < 0 ? null : data.bytes().getInt(0) & 0xFFFFFFFFL;
  }

  private @Nullable FileId file(int folder, long address, int flags) {
    long buffer = data.address();
    if (checked(Libc.statx(folder, address, flags, StatxAnswer.ID, buffer)) < 0) {
      return null;
    }
    return StatxAnswer.id(data.bytes());
  }

  /** Closes a descriptor; nothing happens for -1. */
  public void close(int fd) {
    if (fd >= 0) {
      Libc.close(fd);
    }
  }

  private long checked(long result) {
    if (result < 0) {
      error = Native.getLastError();
    }
    return result;
  }
}
