package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.kernel.ProcMount;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads files of a host by their paths. It keeps names as bytes. Not thread-safe. */
class HostFiles extends DescriptorReads {

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
  public int openAt(int folder, String name, int flags) {
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

  /** Reads at most {@code most} bytes of a file below a folder, and never more than 64 KiB. */
  byte @Nullable [] readAt(int folder, String name, int most) {
    return readAndClose(openAt(folder, name, Libc.O_RDONLY), most);
  }

  /** Returns the target of a link below a folder, or {@code null} if it cannot be read. */
  public byte @Nullable [] linkAt(int folder, String name) {
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
  public @Nullable FilePlace place(int fd) {
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
}
