package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Netlink datagrams made by hand, field by field, without the code under test. */
final class NetlinkBytes {

  static final int SEQUENCE = 7;
  static final int MULTI = 2;

  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.nativeOrder());

  /** One inet_diag_msg with a v6only attribute where one is given. */
  NetlinkBytes socket(
      int family, int state, byte[] address, int port, long cookie, int inode, Boolean v6only) {
    ByteBuffer body = ByteBuffer.allocate(200).order(ByteOrder.nativeOrder());
    body.put((byte) family).put((byte) state).put((byte) 0).put((byte) 0);
    body.put((byte) (port >> 8)).put((byte) port).putShort((short) 0);
    body.put(address).position(8 + 32);
    body.putInt(0).putInt((int) cookie).putInt((int) (cookie >>> 32));
    body.putInt(0).putInt(5).putInt(128).putInt(1000).putInt(inode);
    if (v6only != null) {
      body.putShort((short) 5).putShort((short) 11).put((byte) (v6only ? 1 : 0)).put(new byte[3]);
    }
    return message(20, MULTI, slice(body));
  }

  NetlinkBytes message(int type, int flags, byte[] body) {
    bytes.putInt(16 + body.length).putShort((short) type).putShort((short) flags);
    bytes.putInt(SEQUENCE).putInt(0).put(body);
    while (bytes.position() % 4 != 0) {
      bytes.put((byte) 0);
    }
    return this;
  }

  NetlinkBytes done() {
    return message(3, MULTI, new byte[4]);
  }

  NetlinkBytes error(int errno) {
    ByteBuffer body = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
    body.putInt(-errno).position(20);
    return message(2, 0, slice(body));
  }

  byte[] build() {
    return slice(bytes);
  }

  private static byte[] slice(ByteBuffer written) {
    byte[] out = new byte[written.position()];
    written.get(0, out);
    return out;
  }

  /** The sockets that the tested code reads from a datagram. */
  static List<KernelSocket> decode(Transport transport, byte[] datagram) throws KernelException {
    List<KernelSocket> sockets = new ArrayList<>();
    read(new NetlinkMessages(SEQUENCE), transport, datagram, sockets);
    return sockets;
  }

  static void read(
      NetlinkMessages messages, Transport transport, byte[] datagram, List<KernelSocket> sockets)
      throws KernelException {
    ByteBuffer bytes = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
    messages.read(
        bytes,
        datagram.length,
        (buffer, type, from, to) -> {
          KernelSocket socket = InetDiag.decode(buffer, transport, from, to);
          if (socket != null) {
            sockets.add(socket);
          }
        });
  }
}
