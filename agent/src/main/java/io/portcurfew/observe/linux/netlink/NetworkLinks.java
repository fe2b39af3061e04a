package io.portcurfew.observe.linux.netlink;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The links of one network namespace, by RTM_GETLINK (rtnetlink(7)), which needs no right.
 *
 * @param all at most {@value #MOST}
 */
public record NetworkLinks(List<Link> all) {

  /** A user who owns a network namespace can make links without limit. */
  static final int MOST = 4_096;

  private static final int NETLINK_ROUTE = 0;
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_GETLINK = 18;
  private static final int MSG_TRUNC = 0x20;

  /** struct ifinfomsg: 16 bytes, with the index at 4. */
  static final int INFO_SIZE = 16;

  private static final int INDEX_AT = 4;

  // linux/if_link.h.
  private static final int IFLA_IFNAME = 3;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_XDP = 43;
  private static final int IFLA_XDP_ATTACHED = 2;

  public NetworkLinks {
    all = List.copyOf(all);
  }

  /**
   * A link.
   *
   * @param name byte for byte as ISO 8859-1
   * @param kind the kind of a virtual link, as in {@code tun}; empty for others
   * @param xdp true if an XDP program is attached
   */
  public record Link(int index, String name, String kind, boolean xdp) {}

  /**
   * Asks the kernel, in the network namespace of the calling thread.
   *
   * @throws KernelException if the kernel refuses or fails
   */
  public static NetworkLinks read() throws KernelException {
    List<Link> found = new ArrayList<>();
    dump(
        (bytes, type, from, to) -> {
          Link link = found.size() < MOST ? link(bytes, from, to) : null;
          if (link != null) {
            found.add(link);
          }
        });
    return new NetworkLinks(found);
  }

  /**
   * Asks for all links.
   *
   * @param links receives each message, from its struct ifinfomsg on
   * @throws KernelException if the kernel refuses or fails
   */
  static void dump(NetlinkMessages.MessageSink links) throws KernelException {
    NativeBuffer buffer = new NativeBuffer(64 * 1024);
    int fd = NetlinkSocket.open(NETLINK_ROUTE, "rtnetlink", buffer);
    try {
      ask(fd, buffer, links);
    } finally {
      Libc.close(fd);
    }
  }

  private static void ask(int fd, NativeBuffer buffer, NetlinkMessages.MessageSink links)
      throws KernelException {
    int size = NetlinkMessages.HEADER + INFO_SIZE;
    buffer.clear(size);
    buffer
        .bytes()
        .putInt(NetlinkMessages.LENGTH_AT, size)
        .putShort(NetlinkMessages.TYPE_AT, (short) RTM_GETLINK)
        .putShort(
            NetlinkMessages.FLAGS_AT,
            (short) (NetlinkMessages.NLM_F_REQUEST | NetlinkMessages.NLM_F_DUMP))
        .putInt(NetlinkMessages.SEQUENCE_AT, 1);
    if (Libc.send(fd, buffer.address(), size, 0) < 0) {
      throw new KernelException("asking for the links", Native.getLastError());
    }
    NetlinkMessages messages = new NetlinkMessages(1);
    while (!messages.ended()) {
      long length = Libc.recv(fd, buffer.address(), buffer.size(), MSG_TRUNC);
      if (length <= 0 || length > buffer.size()) {
        throw new KernelException("reading the links", Native.getLastError());
      }
      messages.read(
          buffer.bytes(),
          (int) length,
          (bytes, type, from, to) -> {
            if (type == RTM_NEWLINK) {
              links.payload(bytes, type, from, to);
            }
          });
    }
  }

  /** Returns the link of one message; {@code null} if it has no name. */
  static @Nullable Link link(ByteBuffer bytes, int from, int to) throws KernelException {
    if (to - from < INFO_SIZE) {
      throw new KernelException("an answer about a link is truncated");
    }
    int attributes = from + INFO_SIZE;
    Attribute name = Attribute.find(bytes, attributes, to, IFLA_IFNAME);
    Attribute info = Attribute.find(bytes, attributes, to, IFLA_LINKINFO);
    Attribute kind =
        info == null ? null : Attribute.find(bytes, info.from(), info.to(), IFLA_INFO_KIND);
    Attribute xdp = Attribute.find(bytes, attributes, to, IFLA_XDP);
    Attribute attached =
        xdp == null ? null : Attribute.find(bytes, xdp.from(), xdp.to(), IFLA_XDP_ATTACHED);
    boolean hasProgram =
        attached != null && attached.length() > 0 && bytes.get(attached.from()) != 0;
    return name == null
        ? null
        : new Link(
            bytes.getInt(from + INDEX_AT),
            name.text(bytes),
            kind == null ? "" : kind.text(bytes),
            hasProgram);
  }
}
