package io.portcurfew.observe.linux;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Gives a thread of a test, and those that it starts, the rights of another user. */
public final class ThreadRights {

  /** linux/capability.h. */
  public static final int DAC_READ_SEARCH = 2;

  /** linux/capability.h. */
  public static final int NET_ADMIN = 12;

  /** linux/capability.h. */
  public static final int PERFMON = 38;

  /** linux/capability.h. */
  public static final int BPF = 39;

  private static final int NOBODY = 65_534;

  // asm/unistd.h, of x86_64 and of the generic table that aarch64 has.
  private static final boolean ARM = Platform.isARM();
  private static final long SYS_CAPSET = ARM ? 91 : 126;
  private static final long SYS_PRCTL = ARM ? 167 : 157;
  private static final long SYS_SETRESUID = ARM ? 147 : 117;
  private static final long SYS_SETRESGID = ARM ? 149 : 119;

  /** linux/prctl.h. */
  private static final int PR_SET_KEEPCAPS = 8;

  /** linux/capability.h. */
  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  private ThreadRights() {}

  /** Does something as nobody with these capabilities only. */
  public static <T> T asNobody(Callable<T> work, int... capabilities) throws Exception {
    return onItsOwnThread(
        () -> {
          call("prctl", Libc.syscall(SYS_PRCTL, PR_SET_KEEPCAPS, 1, 0, 0));
          call("setresgid", Libc.syscall(SYS_SETRESGID, NOBODY, NOBODY, NOBODY, 0));
          call("setresuid", Libc.syscall(SYS_SETRESUID, NOBODY, NOBODY, NOBODY, 0));
          keep(capabilities);
          return work.call();
        });
  }

  /** Does something on a thread that ends afterwards. */
  public static <T> T onItsOwnThread(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(task, "other rights").start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception failed ? failed : e;
    }
  }

  /** The calling thread has no other capability from now on. */
  static void keep(int... capabilities) {
    long set = 0;
    for (int capability : capabilities) {
      set |= 1L << capability;
    }
    // linux/capability.h: struct __user_cap_header_struct; of data low and high: effective,
    // permitted, inheritable.
    NativeBuffer header = new NativeBuffer(8);
    header.clear(8);
    header.bytes().putInt(0, CAPABILITY_VERSION_3);
    NativeBuffer data = new NativeBuffer(24);
    data.clear(24);
    data.bytes().putInt(0, (int) set).putInt(4, (int) set);
    data.bytes().putInt(12, (int) (set >>> 32)).putInt(16, (int) (set >>> 32));
    call("capset", Libc.syscall(SYS_CAPSET, header.address(), data.address(), 0, 0));
  }

  private static void call(String name, long result) {
    if (result < 0) {
      throw new AssertionError(name + ": " + Native.getLastError());
    }
  }
}
