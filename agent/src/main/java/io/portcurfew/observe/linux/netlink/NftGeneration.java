package io.portcurfew.observe.linux.netlink;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.kernel.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The number of the current ruleset of nftables, which grows with each change (NFT_MSG_GETGEN,
 * linux/netfilter/nf_tables.h). It takes CAP_NET_ADMIN. Not for two threads at once.
 */
public final class NftGeneration implements AutoCloseable {

  /**
   * The number in a network namespace that never had a ruleset (nf_tables_init_net in
   * net/netfilter/nf_tables_api.c); each change adds one.
   */
  public static final int UNUSED = 1;

  /** AF_NETLINK of linux/socket.h. */
  private static final int AF_NETLINK = 16;

  /** linux/net.h and asm-generic/fcntl.h: SOCK_RAW | SOCK_CLOEXEC. */
  private static final int SOCK_RAW_CLOEXEC = 3 | Libc.O_CLOEXEC;

  /** linux/netlink.h. */
  private static final int NETLINK_NETFILTER = 12;

  /** linux/netfilter/nfnetlink.h, NFNL_SUBSYS_NFTABLES, in the high byte of the type. */
  private static final int SUBSYSTEM = 10 << 8;

  private static final int NFT_MSG_NEWGEN = SUBSYSTEM | 15;
  private static final int NFT_MSG_GETGEN = SUBSYSTEM | 16;

  /** The attribute NFTA_GEN_ID, a big-endian u32. */
  private static final int NFTA_GEN_ID = 1;

  /** linux/netfilter/nfnetlink.h: struct nfgenmsg. */
  private static final int NFGENMSG = 4;

  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int TIMEOUT_SECONDS = 1;

  private final int fd;
  private final NativeBuffer request = new NativeBuffer(64);

  /** The answer has the number and the name of a process, about 60 bytes. */
  private final NativeBuffer answer = new NativeBuffer(1024);

  private int sequence;

  private NftGeneration(int fd) {
    this.fd = fd;
  }

  /**
   * Opens a socket in the namespace of the calling thread.
   *
   * @throws KernelException if the kernel or a seccomp filter refuses
   */
  public static NftGeneration open() throws KernelException {
    int fd = Libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER);
    if (fd < 0) {
      throw new KernelException("opening a netfilter socket", Native.getLastError());
    }
    NftGeneration opened = new NftGeneration(fd);
    opened.request.clear(16);
    opened.request.bytes().putLong(0, TIMEOUT_SECONDS);
    if (Libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, opened.request.address(), 16) < 0) {
      int errno = Native.getLastError();
      opened.close();
      throw new KernelException("limiting the wait for an answer", errno);
    }
    return opened;
  }

  /**
   * Returns the number of the ruleset; {@code null} if this kernel has no nftables.
   *
   * @throws KernelException if the kernel refuses or does not answer
   */
  public @Nullable Integer current() throws KernelException {
    try {
      return ask();
    } catch (KernelException e) {
      if (Refusal.NFTABLES.is(e.errno())) {
        return null;
      }
      throw e;
    }
  }

  private @Nullable Integer ask() throws KernelException {
    int size = NetlinkMessages.HEADER + NFGENMSG;
    request.clear(size);
    ByteBuffer bytes = request.bytes();
    bytes.putInt(NetlinkMessages.LENGTH_AT, size);
    bytes.putShort(NetlinkMessages.TYPE_AT, (short) NFT_MSG_GETGEN);
    bytes.putShort(NetlinkMessages.FLAGS_AT, (short) NetlinkMessages.NLM_F_REQUEST);
    bytes.putInt(NetlinkMessages.SEQUENCE_AT, ++sequence);
    if (Libc.send(fd, request.address(), size, 0) < 0) {
      throw new KernelException("asking for the ruleset", Native.getLastError());
    }
    NetlinkMessages messages = new NetlinkMessages(sequence);
    Integer[] generation = new Integer[1];
    while (!messages.ended()) {
      messages.read(
          answer.bytes(),
          receive(),
          (answered, type, from, to) -> {
            if (type == NFT_MSG_NEWGEN) {
              generation[0] = generation(answered, from + NFGENMSG, to);
            }
          });
    }
    return generation[0];
  }

  /** Attributes are in the order of the host, their values in that of the network. */
  private static @Nullable Integer generation(ByteBuffer bytes, int from, int to) {
    int at = from;
    while (at + NetlinkMessages.ATTRIBUTE_HEADER + 4 <= to) {
      int length = bytes.getShort(at) & 0xFFFF;
      if (length < NetlinkMessages.ATTRIBUTE_HEADER) {
        return null;
      }
      if ((bytes.getShort(at + 2) & 0x3FFF) == NFTA_GEN_ID) {
        int number = bytes.getInt(at + NetlinkMessages.ATTRIBUTE_HEADER);
        return bytes.order() == ByteOrder.BIG_ENDIAN ? number : Integer.reverseBytes(number);
      }
      at += NetlinkMessages.align(length);
    }
    return null;
  }

  private int receive() throws KernelException {
    long length = Libc.recv(fd, answer.address(), answer.size(), 0);
    if (length < 0 && Native.getLastError() == Errno.EINTR) {
      return receive();
    }
    if (length <= 0) {
      throw new KernelException("reading the number of the ruleset", Native.getLastError());
    }
    return (int) length;
  }

  @Override
  public void close() {
    Libc.close(fd);
  }
}
