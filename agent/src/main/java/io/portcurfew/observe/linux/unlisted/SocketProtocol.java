package io.portcurfew.observe.linux.unlisted;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.kernel.Refusal;
import java.nio.charset.StandardCharsets;

/**
 * Asks for the protocol of a socket of another process, which is an attribute of its file
 * (sockfs_xattr_get in net/socket.c). It takes the right to follow the links of /proc/PID/fd. Used
 * by one thread.
 */
final class SocketProtocol {

  /** The process has closed the socket or has ended. */
  static final String GONE = "";

  /** The kernel did not answer, so the socket may be of any protocol. */
  static final String UNKNOWN = "unknown";

  private static final int LONGEST = 64;

  private final NativeBuffer path = new NativeBuffer(LONGEST);
  private final NativeBuffer attribute = new NativeBuffer(LONGEST);
  private final NativeBuffer value = new NativeBuffer(LONGEST);

  SocketProtocol() {
    attribute.text("system.sockprotoname");
  }

  /** Returns the kernel's name of the protocol, {@link #GONE} or {@link #UNKNOWN}. */
  String of(int pid, int descriptor) {
    long length =
        Libc.getxattr(
            path.text("/proc/" + pid + "/fd/" + descriptor),
            attribute.address(),
            value.address(),
            LONGEST);
    if (length < 0) {
      return Refusal.PROCESS.is(Native.getLastError()) ? GONE : UNKNOWN;
    }
    return new String(value.copy((int) Math.max(0, length - 1)), StandardCharsets.ISO_8859_1);
  }
}
