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
 * Reads the /proc of a host with raw system calls. It keeps names as bytes, because a name may not
 * be UTF-8, and a read allocates only its result. This class is not thread-safe.
 */
public final class ProcFs {

  /** The maximum length of a path (linux/limits.h). */
  private static final int PATH_MAX = 4096;

  /** Makes the kernel use its own data and never ask a remote server (linux/fcntl.h). */
  private static final int AT_STATX_DONT_SYNC = 0x4000;

  /** Makes statx(2) use the descriptor itself if the path is empty (linux/fcntl.h). */
  private static final int AT_EMPTY_PATH = 0x1000;

  /** The ioctl(2) request for the type of a namespace (linux/nsfs.h). */
  private static final long NS_GET_NSTYPE = 0xb703;

  /** The ioctl(2) request for the owning user namespace (linux/nsfs.h). */
  private static final long NS_GET_USERNS = 0xb701;

  /** The ioctl(2) request for the owner of a user namespace (linux/nsfs.h). */
  private static final long NS_GET_OWNER_UID = 0xb704;

  private final byte[] root;
  private final NativeBuffer path = new NativeBuffer(2 * PATH_MAX);
  private final NativeBuffer data = new NativeBuffer(64 * 1024);

  /** poll.h, struct pollfd: fd int, events short, revents short. */
  private final NativeBuffer polled = new NativeBuffer(8);

  private int error;
  private int linkLength;
  private @Nullable Boolean ownPids;

  /**
   * Creates a reader for the /proc below a root, which is {@code /} unless the host is a captured
   * one.
   */
  public ProcFs(Path root) {
    String slashed = root.toString().endsWith("/") ? root.toString() : root + "/";
    this.root = slashed.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns true if the host is a captured one, which does not run. */
  public boolean isCaptured() {
    return root.length > 1;
  }

  /**
   * Returns true if its process ids belong to our own pid namespace. A captured host without
   * /proc/self/status counts as such. /proc/loadavg shows an id of the reader's namespace, and
   * pidfd_open(2) expects one.
   */
  public boolean isOfOwnPidNamespace() {
    Boolean known = ownPids;
    if (known == null) {
      byte[] status = read("proc/self/status");
      known = status == null ? isCaptured() : ProcText.pidNamespaces(status) <= 1;
      ownPids = known;
    }
    return known;
  }

  /** Returns the error number of the last failed call on this object. */
  public int error() {
    return error;
  }

  /** Sets the error number to 0. */
  public void forgetError() {
    error = 0;
  }

  /**
   * Returns the current process ids in no particular order, or {@code null} if they cannot be
   * listed.
   */
  int @Nullable [] pids() {
    forgetError();
    int folder = open("proc", Libc.O_RDONLY);
    int[] pids = folder < 0 ? null : numbers(folder);
    int listError = error;
    close(folder);
    return listError == 0 ? pids : null;
  }

  /** Returns all entries of an open folder whose names are numbers. */
  int[] numbers(int folder) {
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
   * Returns the next entries of an open folder whose names are numbers, or {@code null} at its end.
   *
   * @param folder the descriptor of the folder
   * @param most the approximate maximum number of entries
   */
  int @Nullable [] someNumbers(int folder, int most) {
    long size = Math.min(data.size(), Math.max(1L, most) * FolderEntries.USUAL_SIZE);
    long length = checked(Libc.getdents64(folder, data.address(), size));
    if (length <= 0) {
      return null;
    }
    return FolderEntries.numbers(data.bytes(), (int) length);
  }

  /** Returns about {@code most} names of an open folder, or {@code null} if that fails. */
  @Nullable List<String> names(int folder, int most) {
    List<String> names = new ArrayList<>();
    long length = 1;
    while (length > 0 && names.size() < most) {
      length = checked(Libc.getdents64(folder, data.address(), data.size()));
      FolderEntries.addNames(data.bytes(), (int) Math.max(length, 0), names);
    }
    return length < 0 ? null : names;
  }

  /**
   * Opens the folder of a process, or returns {@code null} if the process has ended or is hidden.
   */
  public @Nullable ProcessFolder process(int pid) {
    int fd = open("proc/" + pid, Libc.O_PATH);
    return fd < 0 ? null : new ProcessFolder(this, pid, fd);
  }

  /** Opens our own process, or returns {@code null} on a captured host. */
  public @Nullable ProcessFolder self() {
    byte[] link = link("proc/self");
    Long pid = link == null ? null : ProcText.number(new String(link, StandardCharsets.ISO_8859_1));
    return pid == null ? null : process(pid.intValue());
  }

  /** Returns the target of a link below the root, or {@code null} if it cannot be read. */
  public byte @Nullable [] link(String below) {
    long length = readlink(Libc.AT_FDCWD, path.text(underRoot(below)));
    return length < 0 ? null : data.copy((int) length);
  }

  /** Opens a path below the root, or returns -1 if that fails. */
  public int open(String below, int flags) {
    return openAt(Libc.AT_FDCWD, path.text(underRoot(below)), flags);
  }

  /** Opens a path below a folder, or returns -1 if that fails. */
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

  /** Reads a file below the root, at most 64 KiB, or returns {@code null} if that fails. */
  public byte @Nullable [] read(String below) {
    return readAndClose(open(below, Libc.O_RDONLY), data.size());
  }

  /**
   * Reads at most about {@code most} bytes of a file below the root, or returns {@code null} if
   * that fails.
   */
  public byte @Nullable [] readWhole(String below, int most) {
    return readWholeAndClose(open(below, Libc.O_RDONLY), most);
  }

  /**
   * Reads at most about {@code most} bytes of an open file and closes it, or returns {@code null}
   * if that fails.
   */
  byte @Nullable [] readWholeAndClose(int fd, int most) {
    byte[] whole = readWhole(fd, most);
    close(fd);
    return whole;
  }

  /** The same, but leaves the file open. */
  byte @Nullable [] readWhole(int fd, int most) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    long got = fd < 0 ? -1 : 1;
    while (got > 0 && whole.size() < most) {
      got = checked(Libc.read(fd, data.address(), data.size()));
      whole.write(data.copy((int) Math.max(got, 0)), 0, (int) Math.max(got, 0));
    }
    return got < 0 ? null : whole.toByteArray();
  }

  /** Returns true if an open mountinfo has changed since it was opened, or that is not known. */
  boolean hasChanged(int mountinfo) {
    polled.bytes().putInt(0, mountinfo);
    polled.bytes().putShort(4, Libc.POLLPRI);
    return Libc.poll(polled.address(), 1, 0) != 0;
  }

  /** Reads at most {@code most} bytes of a file below a folder, and never more than 64 KiB. */
  byte @Nullable [] readAt(int folder, String name, int most) {
    return readAndClose(openAt(folder, name, Libc.O_RDONLY), most);
  }

  private byte @Nullable [] readAndClose(int fd, int most) {
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

  /** Returns the target of a link below a folder, or {@code null} if it cannot be read. */
  byte @Nullable [] linkAt(int folder, String name) {
    long length = readlink(folder, path.text(name));
    return length < 0 ? null : data.copy((int) length);
  }

  /** Returns the inode of the socket behind a link in /proc/PID/fd, or 0 if it is no socket. */
  public long socketAt(int folder, String name) {
    return socketAt(readlink(folder, path.text(name)));
  }

  /** Returns the inode of the socket at a descriptor of a process, or 0 if it is no socket. */
  public long socketAt(int folder, int descriptor) {
    return socketAt(readlink(folder, path.text("fd/", descriptor)));
  }

  private long socketAt(long length) {
    linkLength = (int) length;
    return length < 0 ? 0 : ProcText.socketInode(data.bytes(), (int) length);
  }

  /**
   * Returns the inode of the network namespace that the last link read by {@link #socketAt} leads
   * to, or 0 if it leads to something else.
   */
  long namespaceOfLastLink() {
    boolean isNamespace =
        linkLength > 5 && data.bytes().get(0) == 'n' && data.bytes().get(2) == 't';
    Long inode = isNamespace ? ProcText.namespaceInode(data.copy(linkLength)) : null;
    return inode == null ? 0 : inode;
  }

  /** Returns true if the last link read by {@link #socketAt} leads to this text. */
  boolean lastLinkIs(String text) {
    if (linkLength != text.length()) {
      return false;
    }
    for (int i = 0; i < linkLength; i++) {
      if (data.bytes().get(i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private long readlink(int folder, long name) {
    return checked(Libc.readlinkat(folder, name, data.address(), PATH_MAX));
  }

  /**
   * Returns the file at a path below a folder, or {@code null} if that fails. It follows links and
   * does not ask the file system.
   */
  @Nullable FileId fileAt(int folder, String name) {
    return file(folder, path.text(name), AT_STATX_DONT_SYNC);
  }

  /** Returns the file at a path below the root, or {@code null} if that fails. */
  @Nullable FileId fileBelow(String below) {
    return file(Libc.AT_FDCWD, path.text(underRoot(below)), AT_STATX_DONT_SYNC);
  }

  /** Returns the id of the user who owns a path below the root, or {@code null} if that fails. */
  public @Nullable Long ownerOf(String below) {
    FileId file = fileBelow(below);
    return file == null ? null : file.uid();
  }

  /**
   * Returns the file of a descriptor without asking its file system, or {@code null} if that fails.
   */
  public @Nullable FileId file(int fd) {
    return file(fd, path.text(""), AT_STATX_DONT_SYNC | AT_EMPTY_PATH);
  }

  /**
   * Returns the mount of the file at a path below a folder, or {@code null} if that fails. It
   * follows links.
   */
  @Nullable FilePlace placeAt(int folder, String name) {
    return place(folder, path.text(name), AT_STATX_DONT_SYNC);
  }

  /** Returns the mount of the file at a path below the root, or {@code null} if that fails. */
  @Nullable FilePlace placeBelow(String below) {
    return place(Libc.AT_FDCWD, path.text(underRoot(below)), AT_STATX_DONT_SYNC);
  }

  /**
   * Returns the mount of the file of a descriptor without asking its file system, or {@code null}
   * if that fails.
   */
  @Nullable FilePlace place(int fd) {
    return place(fd, path.text(""), AT_STATX_DONT_SYNC | AT_EMPTY_PATH);
  }

  private @Nullable FilePlace place(int folder, long name, int flags) {
    if (checked(Libc.statx(folder, name, flags, StatxAnswer.PLACE, data.address())) < 0) {
      return null;
    }
    return StatxAnswer.place(data.bytes());
  }

  /** Returns the type of an open namespace from NS_GET_NSTYPE, or -1 if that fails. */
  public int namespaceType(int fd) {
    return (int) checked(Libc.ioctl(fd, NS_GET_NSTYPE, 0));
  }

  /**
   * Returns the user who created the user namespace that owns this open namespace, or {@code null}
   * if that fails.
   */
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

  /** Closes a descriptor, and does nothing for -1. */
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
