package io.portcurfew.observe.linux.netlink;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.nio.ByteBuffer;

/** Questions by netlink(7) in the network namespace of the thread that opened it. */
final class NetlinkDump implements AutoCloseable {

  /** linux/netlink.h. */
  private static final int NETLINK_ROUTE = 0;

  private static final int NETLINK_GENERIC = 16;
  private static final int MSG_TRUNC = 0x20;

  private final NativeBuffer buffer = new NativeBuffer(64 * 1024);
  private final String name;
  private final int fd;
  private int sequence;

  private NetlinkDump(int protocol, String name) throws KernelException {
    this.name = name;
    fd = NetlinkSocket.open(protocol, name, buffer);
  }

  /**
   * Opens a socket of rtnetlink(7).
   *
   * @throws KernelException if the kernel refuses
   */
  static NetlinkDump ofRoutes() throws KernelException {
    return new NetlinkDump(NETLINK_ROUTE, "rtnetlink");
  }

  /**
   * Opens a socket of generic netlink.
   *
   * @throws KernelException if the kernel refuses
   */
  static NetlinkDump ofGeneric() throws KernelException {
    return new NetlinkDump(NETLINK_GENERIC, "generic netlink");
  }

  /**
   * Asks for all objects of a kind.
   *
   * @param request the number of the request
   * @param header the bytes after the header of netlink
   * @param answer the number of the answers that the sink receives
   * @throws KernelException if the kernel refuses or fails
   */
  void ask(int request, byte[] header, int answer, NetlinkMessages.MessageSink sink)
      throws KernelException {
    ask(request, NetlinkMessages.NLM_F_DUMP, header, answer, sink);
  }

  /** The same for one object. */
  void askOne(int request, byte[] header, int answer, NetlinkMessages.MessageSink sink)
      throws KernelException {
    ask(request, 0, header, answer, sink);
  }

  private void ask(
      int request, int flags, byte[] header, int answer, NetlinkMessages.MessageSink sink)
      throws KernelException {
    int size = NetlinkMessages.HEADER + header.length;
    buffer.clear(size);
    ByteBuffer bytes = buffer.bytes();
    bytes
        .putInt(NetlinkMessages.LENGTH_AT, size)
        .putShort(NetlinkMessages.TYPE_AT, (short) request)
        .putShort(NetlinkMessages.FLAGS_AT, (short) (NetlinkMessages.NLM_F_REQUEST | flags))
        .putInt(NetlinkMessages.SEQUENCE_AT, ++sequence)
        .put(NetlinkMessages.HEADER, header);
    if (Libc.send(fd, buffer.address(), size, 0) < 0) {
      throw new KernelException("asking " + name, Native.getLastError());
    }
    NetlinkMessages messages = new NetlinkMessages(sequence);
    while (!messages.ended()) {
      long length = Libc.recv(fd, buffer.address(), buffer.size(), MSG_TRUNC);
      if (length <= 0 || length > buffer.size()) {
        throw new KernelException("reading the answer of " + name, Native.getLastError());
      }
      messages.read(
          bytes,
          (int) length,
          (content, type, from, to) -> {
            if (type == answer) {
              sink.payload(content, type, from, to);
            }
          });
    }
  }

  @Override
  public void close() {
    Libc.close(fd);
  }
}
