package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.kernel.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
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

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  private static byte[] join(byte[] one, byte[] other) {
    return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
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
    assertThat(read(message)).isEqualTo(new NetworkLinks.Link(7, "tun0", "tun", Set.of()));
  }

  @Test
  void attachedProgramsHaveTheirNumbers() throws Exception {
    byte[] one = join(attribute(2, new byte[] {2}), attribute(4, number(77)));
    ByteBuffer nested = message(attribute(3, text("eth0")), attribute(43 | 0x8000, one));
    assertThat(read(nested)).isEqualTo(new NetworkLinks.Link(7, "eth0", "", Set.of(77L)));
    byte[] several = join(attribute(5, number(78)), attribute(6, number(79)));
    ByteBuffer modes = message(attribute(3, text("eth0")), attribute(43, several));
    assertThat(read(modes)).isEqualTo(new NetworkLinks.Link(7, "eth0", "", Set.of(78L, 79L)));
    ByteBuffer none =
        message(attribute(3, text("eth0")), attribute(43, attribute(2, new byte[] {0})));
    assertThat(read(none)).isEqualTo(new NetworkLinks.Link(7, "eth0", "", Set.of()));
  }

  @Test
  void endOfAPairIsKnownByItsKind() throws Exception {
    ByteBuffer veth =
        message(attribute(3, text("veth7")), attribute(18, attribute(1, text("veth"))));
    assertThat(read(veth).isOfPair()).isTrue();
    assertThat(read(message(attribute(3, text("eth0")))).isOfPair()).isFalse();
  }

  @Test
  void truncatedMessageIsRefused() {
    ByteBuffer message = message(attribute(3, text("eth0")));
    assertThatThrownBy(() -> NetworkLinks.link(message, 0, 15)).isInstanceOf(KernelException.class);
    assertThatThrownBy(() -> NetworkLinks.link(message, 0, 22)).isInstanceOf(KernelException.class);
  }
}
