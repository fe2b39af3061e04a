package io.portcurfew.observe.linux.kernel;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * The system calls of {@code observe.linux}, mapped directly (no proxies, no copies): pointers are
 * addresses of {@link NativeBuffer}s. A failing call returns -1 and sets {@link
 * Native#getLastError}.
 *
 * <p>64-bit Linux only: sizes and constants are those of asm-generic, which x86_64 and aarch64
 * share unless noted.
 */
public final class Libc {

  /** fcntl.h: resolves relative paths from the working directory. */
  public static final int AT_FDCWD = -100;

  /** asm-generic/fcntl.h. */
  public static final int O_RDONLY = 0;

  /** Opens a FIFO without a writer at once; regular files and folders ignore it. */
  public static final int O_NONBLOCK = 0x800;

  /** asm-generic/fcntl.h. */
  public static final int O_CLOEXEC = 0x80000;

  /** asm-generic/fcntl.h: opens a path without read access to its content. */
  public static final int O_PATH = 0x200000;

  /** asm-generic/fcntl.h; aarch64 has another value. */
  public static final int O_NOFOLLOW = Platform.isARM() ? 0x8000 : 0x20000;

  /** poll.h: a pidfd becomes readable when its process ends (pidfd_open(2)). */
  public static final short POLLIN = 1;

  /**
   * poll.h: with POLLERR on /proc/PID/mountinfo, the mounts have changed (proc_pid_mountinfo(5)).
   */
  public static final short POLLPRI = 2;

  /** asm/unistd.h, the same number on every architecture. */
  public static final long SYS_PIDFD_OPEN = 434;

  /** asm/unistd.h, of x86_64 and of the generic table that aarch64 has. */
  private static final long SYS_GETDENTS64 =
      System.getProperty("os.arch", "").equals("aarch64") ? 61 : 217;

  /** asm/unistd.h, of x86_64 and of the generic table that aarch64 has. */
  public static final long SYS_PERF_EVENT_OPEN =
      System.getProperty("os.arch", "").equals("aarch64") ? 241 : 298;

  /** asm/unistd.h, of x86_64 and of the generic table that aarch64 has. */
  static final long SYS_BPF = System.getProperty("os.arch", "").equals("aarch64") ? 280 : 321;

  /** sys/mman.h, PROT_READ | PROT_WRITE. */
  public static final int PROT_READ_WRITE = 3;

  /** sys/mman.h. */
  public static final int MAP_SHARED = 1;

  /** sys/mman.h: the content of private memory is lost, and its pages are free. */
  static final int MADV_DONTNEED = 4;

  /** sys/eventfd.h, EFD_CLOEXEC | EFD_NONBLOCK. */
  public static final int EFD_FLAGS = O_CLOEXEC | 0x800;

  static {
    // By its short name JNA looks functions up in the whole process, where a library that is forced
    // into it comes first (LD_PRELOAD, dlsym(3)); by the name of its file in that library alone.
    try {
      Native.register(Libc.class, "libc.so.6");
    } catch (UnsatisfiedLinkError otherLibrary) {
      Native.register(Libc.class, "c");
    }
  }

  private Libc() {}

  public static native int socket(int domain, int type, int protocol);

  public static native int connect(int fd, long address, int length);

  public static native int bind(int fd, long address, int length);

  public static native int setsockopt(int fd, int level, int option, long value, int length);

  public static native int getsockopt(int fd, int level, int option, long value, long length);

  public static native int getsockname(int fd, long address, long length);

  public static native long send(int fd, long buffer, long length, int flags);

  public static native long recv(int fd, long buffer, long length, int flags);

  public static native int ioctl(int fd, long request, long argument);

  public static native int openat(int directory, long path, int flags, int mode);

  public static native long read(int fd, long buffer, long length);

  public static native long pread(int fd, long buffer, long length, long offset);

  public static native int close(int fd);

  public static native long readlinkat(int directory, long path, long buffer, long size);

  public static native int statx(int directory, long path, int flags, int mask, long buffer);

  public static native long getxattr(long path, long name, long value, long size);

  public static native int poll(long fds, long count, int timeout);

  public static native int epoll_create1(int flags);

  public static native int epoll_ctl(int epoll, int operation, int fd, long event);

  public static native int epoll_wait(int epoll, long events, int most, int timeout);

  public static native int setns(int fd, int type);

  /** Without the function of that name, which glibc has only since 2.30. */
  public static long getdents64(int fd, long buffer, long size) {
    return syscall(SYS_GETDENTS64, fd, buffer, size, 0);
  }

  public static native long syscall(long number, long first, long second, long third, long fourth);

  public static native long syscall(
      long number, long first, long second, long third, long fourth, long fifth);

  public static native long mmap(
      long address, long length, int protection, int flags, int fd, long offset);

  public static native int munmap(long address, long length);

  static native int madvise(long address, long length, int advice);

  public static native int eventfd(int value, int flags);

  public static native long write(int fd, long buffer, long length);
}
