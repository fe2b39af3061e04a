package io.portcurfew.observe.linux.kernel;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Lets the kernel hold back connections of our own listener on which no byte has arrived (tcp(7),
 * TCP_DEFER_ACCEPT): so silent clients take no place among the accepted ones.
 */
public final class DeferredAccept {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** asm-generic/socket.h. */
  private static final int SOL_SOCKET = 1;

  /** asm-generic/socket.h: true for a socket that listens. */
  private static final int SO_ACCEPTCONN = 30;

  /** linux/in.h. */
  private static final int IPPROTO_TCP = 6;

  /** linux/tcp.h. */
  private static final int TCP_DEFER_ACCEPT = 9;

  /** struct sockaddr_in and sockaddr_in6: the port, in network order. */
  private static final int PORT_AT = 2;

  private static final int SOCKADDR = 128;

  private DeferredAccept() {}

  /**
   * Sets the option on the listeners of this process on a TCP port.
   *
   * @param wait how long the kernel holds a silent connection back; it rounds up
   * @return true if it is set on at least one; false on another system than Linux
   */
  public static boolean set(int port, Duration wait) {
    if (!Platform.isLinux()) {
      return false;
    }
    boolean set = false;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      NativeBuffer option = new NativeBuffer(2 * Integer.BYTES);
      NativeBuffer address = new NativeBuffer(SOCKADDR);
      for (Path each : all) {
        int fd = Integer.parseInt(each.getFileName().toString());
        if (isListening(fd, option) && port(fd, option, address) == port) {
          option.bytes().putInt(0, Math.toIntExact(wait.toSeconds()));
          set |=
              Libc.setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, option.address(), Integer.BYTES)
                  == 0;
        }
      }
    } catch (IOException | LinkageError noLimit) {
      return set;
    }
    return set;
  }

  private static boolean isListening(int fd, NativeBuffer option) {
    option.bytes().putInt(0, 0).putInt(Integer.BYTES, Integer.BYTES);
    long length = option.address() + Integer.BYTES;
    return Libc.getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, option.address(), length) == 0
        && option.bytes().getInt(0) == 1;
  }

  private static int port(int fd, NativeBuffer length, NativeBuffer address) {
    length.bytes().putInt(0, SOCKADDR);
    if (Libc.getsockname(fd, address.address(), length.address()) != 0) {
      return -1;
    }
    int high = address.bytes().get(PORT_AT) & 0xff;
    int low = address.bytes().get(PORT_AT + 1) & 0xff;
    return (high << Byte.SIZE) | low;
  }
}
