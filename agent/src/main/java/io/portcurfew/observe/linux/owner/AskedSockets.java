package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The vsock and XDP sockets that no table of the kernel lists (without vsock_diag and xdp_diag) and
 * that were asked themselves, by a copy of their descriptor.
 */
public final class AskedSockets {

  private static final int MOST = 256;

  /** asm-generic/socket.h. */
  private static final int SOL_SOCKET = 1;

  private static final int SO_TYPE = 3;
  private static final int SO_ACCEPTCONN = 30;
  private static final int SO_DOMAIN = 39;

  /** linux/socket.h. */
  private static final int AF_VSOCK = 40;

  private static final int AF_XDP = 44;

  /** linux/net.h. */
  private static final int SOCK_DGRAM = 2;

  // linux/vm_sockets.h, struct sockaddr_vm: svm_family u16, svm_reserved1 u16, svm_port u32,
  // svm_cid u32, svm_flags u8.
  private static final int VM_PORT_AT = 4;
  private static final int VM_CID_AT = 8;
  private static final int VM_SIZE = 16;

  /** The length that getsockname(2) and getsockopt(2) read and write stands behind the answer. */
  private static final int LENGTH_AT = 32;

  private final NativeBuffer buffer = new NativeBuffer(64);
  private final Map<Long, AskedSocket> byInode = new LinkedHashMap<>();

  /**
   * A socket.
   *
   * @param namespace the inode of its network namespace
   */
  public record AskedSocket(long namespace, FamilySocket socket) {}

  /**
   * Asks a socket, and keeps it if it takes traffic and no table of this kernel may list it.
   *
   * @param fd a descriptor of our own
   */
  void ask(int fd, long inode, long namespace) {
    FamilySocket socket =
        byInode.size() >= MOST
            ? null
            : switch (option(fd, SO_DOMAIN)) {
              case AF_VSOCK -> vsock(fd, inode);
              case AF_XDP -> socket(Family.XDP, 0, 0, inode);
              default -> null;
            };
    if (socket != null) {
      byInode.put(inode, new AskedSocket(namespace, socket));
    }
  }

  private @Nullable FamilySocket vsock(int fd, long inode) {
    boolean takesTraffic = option(fd, SO_ACCEPTCONN) == 1 || option(fd, SO_TYPE) == SOCK_DGRAM;
    buffer.clear(buffer.size());
    ByteBuffer bytes = buffer.bytes();
    bytes.putInt(LENGTH_AT, VM_SIZE);
    if (!takesTraffic || Libc.getsockname(fd, buffer.address(), buffer.address() + LENGTH_AT) < 0) {
      return null;
    }
    return socket(
        Family.VSOCK,
        Integer.toUnsignedLong(bytes.getInt(VM_CID_AT)),
        Integer.toUnsignedLong(bytes.getInt(VM_PORT_AT)),
        inode);
  }

  private static FamilySocket socket(Family family, long cid, long port, long inode) {
    return new FamilySocket(
        family, 0, null, cid, port, 0, inode, null, HeldSocket.NO_UID, null, null);
  }

  private int option(int fd, int option) {
    buffer.clear(buffer.size());
    buffer.bytes().putInt(LENGTH_AT, Integer.BYTES);
    long address = buffer.address();
    return Libc.getsockopt(fd, SOL_SOCKET, option, address, address + LENGTH_AT) < 0
        ? -1
        : buffer.bytes().getInt(0);
  }

  /**
   * Returns the sockets.
   *
   * @param isGone true for the inode of a socket that no process holds any more
   */
  Map<Long, AskedSocket> all(LongPredicate isGone) {
    if (!byInode.isEmpty()) {
      byInode.keySet().removeIf(isGone::test);
    }
    return byInode;
  }
}
