package io.portcurfew.observe.linux.proc;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.kernel.ProcMount;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of a host with raw system calls. It keeps names as bytes, because a name may not be
 * UTF-8, and a read allocates only its result. This class is not thread-safe.
 */
class HostFiles {

  /** The maximum length of a path (linux/limits.h). */
  private static final int PATH_MAX = 4096;

  /** Makes the kernel use its own data and never ask a remote server (linux/fcntl.h). */
  private static final int AT_STATX_DONT_SYNC = 0x4000;

  /** Makes statx(2) use the descriptor itself if the path is empty (linux/fcntl.h). */
  private static final int AT_EMPTY_PATH = 0x1000;

  private static final String PROC = "proc";

  private final byte[] root;
  private final @Nullable ProcMount mount;
  private final @Nullable ProcessReads reads;
  final NativeBuffer path = new NativeBuffer(2 * PATH_MAX);
  final NativeBuffer data = new NativeBuffer(64 * 1024);
  private int error;

  /**
   * Creates a reader for the files below a root, which is {@code /} unless the host is a captured
   * one.
   *
   * @param mount replaces /proc while it is open
   * @param reads is shown each read of a process that may wait
   */
  HostFiles(Path root, @Nullable ProcMount mount, @Nullable ProcessReads reads) {
    String slashed = root.toString().endsWith("/") ? root.toString() : root + "/";
    this.root = slashed.getBytes(StandardCharsets.UTF_8);
    this.mount = mount;
    this.reads = reads;
  }

  /** Returns true if the host is a captured one, which does not run. */
  public boolean isCaptured() {
    return root.length > 1;
  }

  /** Returns the error number of the last failed call on this object. */
  public int error() {
    return error;
  }

  /** Sets the error number for a read that was left out. */
  void fail(int errno) {
    error = errno;
  }

  /** Sets the error number to 0. */
  public void forgetError() {
    error = 0;
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

  /** Returns the target of a link below the root, or {@code null} if it cannot be read. */
  public byte @Nullable [] link(String below) {
    int folder = folder(below);
    begin(process(below));
    long length = readlink(folder, within(folder, below));
    end();
    return length < 0 ? null : data.copy((int) length);
  }

  /** Opens a path below the root, or returns -1 if that fails. */
  public int open(String below, int flags) {
    int folder = folder(below);
    begin(process(below));
    int fd = openAt(folder, within(folder, below), flags);
    endWith(fd);
    return fd;
  }

  /** Returns the number of the process or thread whose file this is, or 0 if it is of none. */
  private int process(String below) {
    int number = 0;
    if (reads != null && below.startsWith(PROC + "/")) {
      for (int i = PROC.length() + 1; i < below.length(); i++) {
        int digit = below.charAt(i) - '0';
        if (digit < 0 || digit > 9) {
          break;
        }
        number = 10 * number + digit;
      }
    }
    return number;
  }

  /** Starts a read of a process that may wait for it; 0 is no process. */
  void begin(int process) {
    if (reads != null && process != 0) {
      reads.begin(process);
    }
  }

  /** Ends such a read, and the look if it was abandoned meanwhile. */
  void end() {
    if (reads != null) {
      reads.end();
    }
  }

  /** The same; the descriptor that was opened is closed then. */
  void endWith(int fd) {
    try {
      end();
    } catch (ProcessReads.AbandonedException abandoned) {
      close(fd);
      throw abandoned;
    }
  }

  @Nullable ProcessReads reads() {
    return reads;
  }

  /** Opens a path below a folder, or returns -1 if that fails. */
  int openAt(int folder, String name, int flags) {
    return openAt(folder, path.text(name), flags);
  }

  private int openAt(int folder, long address, int flags) {
    return (int) checked(Libc.openat(folder, address, flags | Libc.O_CLOEXEC, 0));
  }

  /** Returns the folder below which a path is found: a /proc of our own, or none. */
  int folder(String below) {
    boolean ofProc = below.equals(PROC) || below.startsWith(PROC + "/");
    return mount == null || !ofProc || mount.fd() < 0 ? Libc.AT_FDCWD : mount.fd();
  }

  /** Writes the path below that folder and returns its address. */
  private long within(int folder, String below) {
    if (folder == Libc.AT_FDCWD) {
      return path.text(root, below);
    }
    String tail = below.substring(Math.min(below.length(), PROC.length() + 1));
    return path.text(tail.isEmpty() ? "." : tail);
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

  /** Reads at most {@code most} bytes of a file below a folder, and never more than 64 KiB. */
  byte @Nullable [] readAt(int folder, String name, int most) {
    return readAndClose(openAt(folder, name, Libc.O_RDONLY), most);
  }

  /**
   * Reads an open file that one call returns whole into {@link #data} and closes it; returns the
   * number of bytes, or -1 if that fails.
   */
  int readOnceAndClose(int fd) {
    long length = fd < 0 ? -1 : checked(Libc.read(fd, data.address(), data.size()));
    close(fd);
    return (int) length;
  }

  /** Reads at most about {@code most} bytes of an open file from its start, up to 64 KiB. */
  byte @Nullable [] readFromStart(int fd, int most) {
    long length = 0;
    long got = fd < 0 ? -1 : 1;
    while (got > 0 && length < most) {
      got = checked(Libc.pread(fd, data.address() + length, data.size() - length, length));
      length += Math.max(got, 0);
    }
    return got < 0 ? null : data.copy((int) length);
  }

  /** Returns the first bytes of an open file; what is read from it next begins with them too. */
  byte @Nullable [] startOf(int fd, int most) {
    long length = fd < 0 ? -1 : checked(Libc.pread(fd, data.address(), most, 0));
    return length < 0 ? null : data.copy((int) length);
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

  long readlink(int folder, long name) {
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
    int folder = folder(below);
    return file(folder, within(folder, below), AT_STATX_DONT_SYNC);
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
    int folder = folder(below);
    return place(folder, within(folder, below), AT_STATX_DONT_SYNC);
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

  long checked(long result) {
    if (result < 0) {
      error = Native.getLastError();
    }
    return result;
  }
}
