package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The ports at which the kernel itself listens for MPTCP connections, because an endpoint with a
 * port is announced (ip-mptcp(8)). Asking takes CAP_NET_ADMIN in the network namespace.
 */
final class MptcpEndpoints {

  /** sizeof(struct genlmsghdr): cmd u8, version u8, reserved u16. */
  private static final int GENERIC_HEADER = 4;

  // linux/genetlink.h.
  private static final int GENL_ID_CTRL = 0x10;
  private static final int CTRL_CMD_GETFAMILY = 3;
  private static final int CTRL_ATTR_FAMILY_ID = 1;
  private static final int CTRL_ATTR_FAMILY_NAME = 2;
  private static final String FAMILY = "mptcp_pm";

  // linux/mptcp_pm.h.
  private static final int MPTCP_PM_CMD_GET_ADDR = 3;
  private static final int MPTCP_PM_ENDPOINT_ADDR = 1;
  private static final int MPTCP_PM_ADDR_ATTR_PORT = 5;

  private MptcpEndpoints() {}

  /**
   * Asks the kernel, in the network namespace of the calling thread.
   *
   * @return the ports; none if the kernel has no MPTCP
   * @throws KernelException if the kernel refuses or fails
   */
  static Set<Integer> ports() throws KernelException {
    Set<Integer> ports = new HashSet<>();
    try (NetlinkDump generic = NetlinkDump.ofGeneric()) {
      AtomicInteger family = new AtomicInteger();
      generic.askOne(
          GENL_ID_CTRL,
          familyRequest(),
          GENL_ID_CTRL,
          (bytes, type, from, to) -> family.set(familyNumber(bytes, from, to)));
      generic.ask(
          family.get(),
          new byte[] {MPTCP_PM_CMD_GET_ADDR, 1, 0, 0},
          family.get(),
          (bytes, type, from, to) -> {
            Integer port = port(bytes, from, to);
            if (port != null) {
              ports.add(port);
            }
          });
    } catch (KernelException refused) {
      if (!Refusal.PROTOCOL.is(refused.errno())) {
        throw refused;
      }
    }
    return ports;
  }

  private static byte[] familyRequest() {
    byte[] name = (FAMILY + "\0").getBytes(StandardCharsets.US_ASCII);
    int length = NetlinkMessages.ATTRIBUTE_HEADER + name.length;
    return ByteBuffer.allocate(GENERIC_HEADER + NetlinkMessages.align(length))
        .order(ByteOrder.nativeOrder())
        .put((byte) CTRL_CMD_GETFAMILY)
        .put((byte) 1)
        .putShort((short) 0)
        .putShort((short) length)
        .putShort((short) CTRL_ATTR_FAMILY_NAME)
        .put(name)
        .array();
  }

  private static int familyNumber(ByteBuffer bytes, int from, int to) throws KernelException {
    Attribute id = Attribute.find(bytes, from + GENERIC_HEADER, to, CTRL_ATTR_FAMILY_ID);
    if (id == null || id.length() < Short.BYTES) {
      throw new KernelException("an answer of generic netlink has no number");
    }
    return bytes.getShort(id.from()) & 0xFFFF;
  }

  /** Returns the port of an endpoint, which is in native order; {@code null} if it has none. */
  static @Nullable Integer port(ByteBuffer bytes, int from, int to) throws KernelException {
    Attribute address = Attribute.find(bytes, from + GENERIC_HEADER, to, MPTCP_PM_ENDPOINT_ADDR);
    Attribute port =
        address == null
            ? null
            : Attribute.find(bytes, address.from(), address.to(), MPTCP_PM_ADDR_ATTR_PORT);
    return port == null || port.length() < Short.BYTES
        ? null
        : (Integer) (bytes.getShort(port.from()) & 0xFFFF);
  }
}
