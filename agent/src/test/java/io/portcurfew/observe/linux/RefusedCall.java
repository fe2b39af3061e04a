package io.portcurfew.observe.linux;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.nio.ByteBuffer;

/** A system call that the kernel refuses to one thread, and to those that it starts. */
public final class RefusedCall {

  private RefusedCall() {}

  /** Classic BPF over struct seccomp_data of linux/seccomp.h, for the calling thread alone. */
  public static void refuse(int call, int errno) {
    NativeBuffer code = new NativeBuffer(4 * 8);
    step(code.bytes(), 0x20, 0, 0, 0);
    step(code.bytes(), 0x15, 0, 1, call);
    step(code.bytes(), 0x06, 0, 0, 0x00050000 | errno);
    step(code.bytes(), 0x06, 0, 0, 0x7fff0000);
    NativeBuffer program = new NativeBuffer(16);
    program.bytes().putShort(0, (short) 4).putLong(8, code.address());
    // seccomp(2), SECCOMP_SET_MODE_FILTER; root needs no PR_SET_NO_NEW_PRIVS.
    if (Libc.syscall(Platform.isARM() ? 277 : 317, 1, 0, program.address(), 0) < 0) {
      throw new AssertionError("seccomp: " + Native.getLastError());
    }
  }

  private static void step(ByteBuffer into, int code, int yes, int no, int value) {
    into.putShort((short) code).put((byte) yes).put((byte) no).putInt(value);
  }
}
