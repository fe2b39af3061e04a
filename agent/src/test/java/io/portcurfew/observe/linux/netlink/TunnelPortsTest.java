package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TunnelPortsTest {

  private static final byte[] PORT_4789 = {0x12, (byte) 0xB5};

  private static byte[] attribute(int type, byte[] content) {
    int size = 4 + content.length;
    ByteBuffer bytes = ByteBuffer.allocate((size + 3) & ~3).order(ByteOrder.nativeOrder());
    bytes.putShort((short) size).putShort((short) type).put(content);
    return bytes.array();
  }

  private static byte[] joined(byte[]... parts) {
    ByteBuffer bytes = ByteBuffer.allocate(512);
    for (byte[] part : parts) {
      bytes.put(part);
    }
    byte[] whole = new byte[bytes.position()];
    bytes.flip().get(whole);
    return whole;
  }

  private static byte[] link(int flags, String kind, byte[] data) {
    ByteBuffer info = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    info.putInt(8, flags);
    byte[] name = (kind + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] linkInfo = joined(attribute(1, name), attribute(2, data));
    return joined(info.array(), attribute(3, new byte[] {'v', '0', 0}), attribute(18, linkInfo));
  }

  private static List<TunnelPorts.Tunnel> read(byte[] message) {
    List<TunnelPorts.Tunnel> found = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.nativeOrder());
    try {
      TunnelPorts.addLink(bytes, 0, message.length, found);
    } catch (KernelException truncated) {
      assertThat(truncated).hasMessageContaining("truncated");
    }
    return found;
  }

  private static KernelSocket udp(int port, long uid) {
    return socket(Transport.UDP, port, uid);
  }

  private static KernelSocket socket(Transport transport, int port, long uid) {
    return new KernelSocket(transport, false, 0, 0, port, 0, 5, 5L, uid, null, 0);
  }

  @Test
  void vxlanHasThePortOfItsLink() {
    assertThat(read(link(1, "vxlan", attribute(15, PORT_4789))))
        .containsExactly(new TunnelPorts.Tunnel("vxlan", 4789));
  }

  @Test
  void aLinkThatIsDownHoldsNoSocket() {
    assertThat(read(link(0, "vxlan", attribute(15, PORT_4789)))).isEmpty();
  }

  @Test
  void aMessageThatIsCutShowsNoTunnel() {
    byte[] whole = link(1, "vxlan", attribute(15, PORT_4789));
    for (int length = 0; length < whole.length; length++) {
      assertThat(read(java.util.Arrays.copyOf(whole, length))).isEmpty();
    }
  }

  @Test
  void onlyASocketOfRootAtThatPortIsHeld() {
    TunnelPorts ports = new TunnelPorts(List.of(new TunnelPorts.Tunnel("vxlan", 4789)), Set.of());
    assertThat(ports.holder(udp(4789, 0), false)).isEqualTo("vxlan");
    assertThat(ports.holder(udp(4789, 1000), true)).isNull();
    assertThat(ports.holder(udp(4790, 0), true)).isNull();
  }

  @Test
  void wireguard_needsASocketWithoutAProcess() {
    TunnelPorts ports = new TunnelPorts(List.of(new TunnelPorts.Tunnel("wireguard", 0)), Set.of());
    assertThat(ports.holder(udp(51820, 0), true)).isEqualTo("wireguard");
    assertThat(ports.holder(udp(51820, 0), false)).isNull();
  }

  @Test
  void anAnnouncedEndpointOfMptcpIsTheKernels() {
    TunnelPorts ports = new TunnelPorts(List.of(), Set.of(8443));
    assertThat(ports.holder(socket(Transport.TCP, 8443, 0), false)).isEqualTo("mptcp");
    assertThat(ports.holder(socket(Transport.TCP, 8444, 0), true)).isNull();
    assertThat(ports.holder(socket(Transport.TCP, 8443, 1000), true)).isNull();
    assertThat(ports.holder(udp(8443, 0), true)).isNull();
  }
}
