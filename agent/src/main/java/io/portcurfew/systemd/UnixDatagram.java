package io.portcurfew.systemd;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Sends datagrams to Unix sockets on Linux: the JDK has stream sockets only (JEP 380). */
final class UnixDatagram {

  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;

  /** sys/socket.h: a closed socket gives an error and no SIGPIPE. */
  private static final int MSG_NOSIGNAL = 0x4000;

  static {
    Native.register(UnixDatagram.class, "c");
  }

  private UnixDatagram() {}

  private static native int socket(int domain, int type, int protocol);

  private static native long sendto(
      int fd, byte[] buffer, long length, int flags, byte[] address, int addressLength);

  private static native int close(int fd);

  /** Sends a text; returns 0 or the errno. */
  static int send(String path, String text) {
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      return Native.getLastError();
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] address = address(path);
    long sent = sendto(fd, bytes, bytes.length, MSG_NOSIGNAL, address, address.length);
    int failed = sent < 0 ? Native.getLastError() : 0;
    close(fd);
    return failed;
  }

  /**
   * unix(7): the family, then the path; an abstract name starts with a zero byte instead of an @.
   */
  static byte[] address(String path) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (path.startsWith("@")) {
      name[0] = 0;
    }
    return ByteBuffer.allocate(Short.BYTES + name.length)
        .order(ByteOrder.nativeOrder())
        .putShort((short) AF_UNIX)
        .put(name)
        .array();
  }
}
