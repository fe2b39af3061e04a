package io.portcurfew.observe.linux.kernel;

/**
 * A mount of procfs that has no place in any folder, so that nobody can mount anything over its
 * parts. It takes CAP_SYS_ADMIN (fsopen(2), fsmount(2)), ends with the agent, and is opened only
 * where a mount covers a part of /proc.
 */
public final class ProcMount implements AutoCloseable {

  // asm/unistd.h, the same numbers on every architecture; since Linux 5.2.
  private static final long SYS_FSOPEN = 430;
  private static final long SYS_FSCONFIG = 431;
  private static final long SYS_FSMOUNT = 432;

  // linux/mount.h: FSOPEN_CLOEXEC, FSCONFIG_CMD_CREATE, FSMOUNT_CLOEXEC.
  private static final int CLOEXEC = 1;
  private static final int CREATE = 6;

  /** MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV and MOUNT_ATTR_NOEXEC. */
  private static final int ATTRIBUTES = 2 | 4 | 8;

  private volatile int fd = -1;
  private boolean refused;

  /** Opens it; returns true if it is open. A refusal is final. */
  public boolean open() {
    if (fd < 0 && !refused) {
      fd = mounted();
      refused = fd < 0;
    }
    return fd >= 0;
  }

  private static int mounted() {
    NativeBuffer name = new NativeBuffer(16);
    int context = (int) Libc.syscall(SYS_FSOPEN, name.text("proc"), CLOEXEC, 0, 0);
    if (context < 0) {
      return -1;
    }
    try {
      return Libc.syscall(SYS_FSCONFIG, context, CREATE, 0, 0, 0) < 0
          ? -1
          : (int) Libc.syscall(SYS_FSMOUNT, context, CLOEXEC, ATTRIBUTES, 0);
    } finally {
      Libc.close(context);
    }
  }

  /** Returns the descriptor of its root; -1 while it is not open. */
  public int fd() {
    return fd;
  }

  @Override
  public void close() {
    int open = fd;
    fd = -1;
    refused = true;
    if (open >= 0) {
      Libc.close(open);
    }
  }
}
