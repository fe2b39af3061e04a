package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.kernel.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NetworkLinksTest {

  private static byte[] attribute(int type, byte[] content) {
    int padded = 4 + (content.length + 3) / 4 * 4;
    ByteBuffer out = ByteBuffer.allocate(padded).order(ByteOrder.nativeOrder());
    out.putShort((short) (4 + content.length)).putShort((short) type).put(content);
    return out.array();
  }

  private static byte[] text(String value) {
    return (value + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static ByteBuffer message(byte[]... attributes) {
    ByteBuffer out = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());
    out.putInt(4, 7).position(16);
    for (byte[] one : attributes) {
      out.put(one);
    }
    return out;
  }

  private static NetworkLinks.Link read(ByteBuffer written) throws KernelException {
    return NetworkLinks.link(written, 0, written.position());
  }

  @Test
  void tunDeviceHasItsKind() throws Exception {
    ByteBuffer message =
        message(attribute(3, text("tun0")), attribute(18, attribute(1, text("tun"))));
    assertThat(read(message)).isEqualTo(new NetworkLinks.Link(7, "tun0", "tun", false));
  }

  @Test
  void attachedProgramIsSeen() throws Exception {
    byte[] attached = attribute(2, new byte[] {1});
    ByteBuffer nested = message(attribute(3, text("eth0")), attribute(43 | 0x8000, attached));
    assertThat(read(nested)).isEqualTo(new NetworkLinks.Link(7, "eth0", "", true));
    ByteBuffer none =
        message(attribute(3, text("eth0")), attribute(43, attribute(2, new byte[] {0})));
    assertThat(read(none)).isEqualTo(new NetworkLinks.Link(7, "eth0", "", false));
  }

  @Test
  void truncatedMessageIsRefused() {
    ByteBuffer message = message(attribute(3, text("eth0")));
    assertThatThrownBy(() -> NetworkLinks.link(message, 0, 15)).isInstanceOf(KernelException.class);
    assertThatThrownBy(() -> NetworkLinks.link(message, 0, 22)).isInstanceOf(KernelException.class);
  }
}
