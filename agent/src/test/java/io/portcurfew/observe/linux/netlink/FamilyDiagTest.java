package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import io.portcurfew.observe.linux.kernel.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FamilyDiagTest {

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }

  private static byte[] number(int value) {
    return buffer(4).putInt(value).array();
  }

  private static void attribute(ByteBuffer into, int type, byte[] content) {
    into.putShort((short) (4 + content.length)).putShort((short) type).put(content);
  }

  /** struct packet_diag_msg; struct xdp_diag_msg is the same. */
  private static ByteBuffer message(int family, int protocol) {
    ByteBuffer out = buffer(200);
    out.put((byte) family).put((byte) 3).putShort((short) protocol);
    return out.putInt(4711).putInt(9).putInt(1);
  }

  private static FamilySocket read(ByteBuffer written, Family family) throws KernelException {
    return FamilyDiag.decode(written, family, 0, written.position());
  }

  @Test
  void packetSocketHasProtocolInterfaceFilterAndGroup() throws Exception {
    ByteBuffer message = message(17, 0x0800);
    attribute(message, 0, Arrays.copyOf(number(2), 24));
    attribute(message, 5, number(1000));
    attribute(message, 4, number(0x10007));
    attribute(message, 7, new byte[8]);
    assertThat(read(message, Family.PACKET))
        .isEqualTo(
            new FamilySocket(
                Family.PACKET, 0x0800, null, 0, 0, 2, 4711, 0x100000009L, 1000, true, 7));
  }

  @Test
  void emptyFilterIsAnUnknownOne() throws Exception {
    ByteBuffer message = message(17, 3);
    attribute(message, 7, new byte[0]);
    FamilySocket socket = Objects.requireNonNull(read(message, Family.PACKET));
    assertThat(socket.filtered()).isNull();
    assertThat(socket.uid()).isEqualTo(HeldSocket.NO_UID);
  }

  @Test
  void missingFilterIsNone() throws Exception {
    FamilySocket socket = Objects.requireNonNull(read(message(17, 3), Family.PACKET));
    assertThat(socket.filtered()).isFalse();
  }

  @Test
  void packetSocketOfNoProtocolReceivesNothing() throws Exception {
    assertThat(read(message(17, 0), Family.PACKET)).isNull();
  }

  @Test
  void xdpSocketHasItsInterfaceAndUser() throws Exception {
    ByteBuffer message = message(44, 0);
    attribute(message, 1, Arrays.copyOf(number(3), 8));
    attribute(message, 2, number(5));
    FamilySocket socket = Objects.requireNonNull(read(message, Family.XDP));
    assertThat(socket.interfaceIndex()).isEqualTo(3);
    assertThat(socket.uid()).isEqualTo(5);
  }

  @Test
  void onlyListeningVsockSocketsAreRead() throws Exception {
    ByteBuffer listening = vsock(1, 10);
    FamilySocket socket = Objects.requireNonNull(read(listening, Family.VSOCK));
    assertThat(socket.cid()).isEqualTo(2);
    assertThat(socket.port()).isEqualTo(0xFFFF0001L);
    assertThat(socket.inode()).isEqualTo(77);
    assertThat(read(vsock(1, 1), Family.VSOCK)).isNull();
    assertThat(read(vsock(2, 7), Family.VSOCK)).isNotNull();
  }

  private static ByteBuffer vsock(int type, int state) {
    ByteBuffer out = buffer(64);
    out.put((byte) 40).put((byte) type).put((byte) state).put((byte) 0);
    out.putInt(2).putInt(0xFFFF0001).putInt(0).putInt(0).putInt(77).putInt(1).putInt(0);
    return out;
  }

  @Test
  void portOfARawSocketIsItsProtocol() throws Exception {
    byte[] whole = new NetlinkBytes().socket(2, 7, new byte[16], 1, 5, 12, null).build();
    ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.nativeOrder());
    FamilySocket socket =
        Objects.requireNonNull(FamilyDiag.decode(bytes, Family.RAW, 16, whole.length));
    assertThat(socket.protocol()).isEqualTo(1);
    assertThat(socket.address()).hasToString("0.0.0.0");
    assertThat(socket.inode()).isEqualTo(12);
  }

  @Test
  void truncatedAnswerIsRefused() {
    ByteBuffer message = message(17, 3);
    attribute(message, 0, new byte[24]);
    for (Family family : new Family[] {Family.PACKET, Family.XDP, Family.VSOCK, Family.RAW}) {
      assertThatThrownBy(() -> FamilyDiag.decode(message, family, 0, 15))
          .isInstanceOf(KernelException.class)
          .hasMessageContaining("truncated");
    }
    assertThatThrownBy(() -> FamilyDiag.decode(message, Family.PACKET, 0, 30))
        .isInstanceOf(KernelException.class);
  }

  @Test
  void requestAsksForFilterAndGroup() {
    ByteBuffer out = buffer(256);
    int size = FamilyDiag.dump(out, Family.PACKET, false, 5);
    assertThat(size).isEqualTo(36);
    assertThat(out.getInt(0)).isEqualTo(36);
    assertThat(out.get(16)).isEqualTo((byte) 17);
    assertThat(out.getInt(24)).isEqualTo(0x29);
  }
}
