package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class DestroyedSocketTest {

  private static final int LENGTH = 16 + 72 + 8;

  private static ByteBuffer message(int family, int protocol, int port, int peer) {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(ByteOrder.nativeOrder());
    bytes.putInt(0, LENGTH).putShort(4, (short) 20).put(16, (byte) family);
    bytes.put(20, (byte) (port >> 8)).put(21, (byte) port).put(23, (byte) peer);
    bytes.put(24, new byte[] {127, 0, 0, 1});
    bytes.putShort(88, (short) 5).putShort(90, (short) 10).put(92, (byte) protocol);
    return bytes;
  }

  @Test
  void unconnectedSocket_isRead() {
    DestroyedSocket socket = DestroyedSocket.read(message(2, 17, 611, 0), LENGTH);
    assertThat(socket).isNotNull();
    assertThat(socket.toString()).contains("udp").contains("127.0.0.1").contains("port=611");
    assertThat(socket.hadNoPeer()).isTrue();
    assertThat(socket.isTcp()).isFalse();
  }

  @Test
  void connection_hadAPeer() {
    DestroyedSocket socket = DestroyedSocket.read(message(2, 6, 611, 80), LENGTH);
    assertThat(socket).isNotNull();
    assertThat(socket.hadNoPeer()).isFalse();
  }

  @Test
  void otherProtocolFamilyOrCutMessage_isNone() {
    assertThat(DestroyedSocket.read(message(2, 132, 611, 0), LENGTH)).isNull();
    assertThat(DestroyedSocket.read(message(38, 17, 611, 0), LENGTH)).isNull();
    assertThat(DestroyedSocket.read(message(2, 17, 611, 0), 80)).isNull();
  }
}
