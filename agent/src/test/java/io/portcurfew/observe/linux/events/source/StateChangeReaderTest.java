package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StateChangeReaderTest {

  private static final int CLOSE = 7;
  private static final int LISTEN = 10;
  private static final int ESTABLISHED = 1;
  private static final Duration NOW = Duration.ofSeconds(7);

  private static @Nullable SocketChange read(
      int before, int after, int family, int protocol, int port) throws KernelException {
    ByteBuffer bytes = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());
    bytes.putLong(8 + 8, 0xffff8881L).putInt(8 + 16, before).putInt(8 + 20, after);
    bytes.putShort(8 + 24, (short) port).putShort(8 + 28, (short) family);
    bytes.putShort(8 + 30, (short) protocol).put(8 + 32, new byte[] {127, 0, 0, 1});
    bytes.put(8 + 55, (byte) 1);
    return new StateChangeReader(TracepointFormat.of(TracepointFormatTest.FORMAT))
        .read(bytes, 8, 4711, NOW);
  }

  @Test
  void listen_isAnOpening() throws KernelException {
    assertThat(read(CLOSE, LISTEN, 2, 6, 611))
        .isEqualTo(
            new SocketChange(
                true,
                0xffff8881L,
                Protocol.TCP,
                Address.parse("127.0.0.1").orElseThrow(),
                611,
                4711,
                NOW));
  }

  @Test
  void protocolOfOneByte_isReadWithoutTheAddressBehindIt() throws KernelException {
    ByteBuffer bytes = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());
    bytes.putInt(8 + 16, CLOSE).putInt(8 + 20, LISTEN);
    bytes.putShort(8 + 24, (short) 611).putShort(8 + 28, (short) 2);
    bytes.put(8 + 30, (byte) 6).put(8 + 31, new byte[] {127, 0, 0, 1});
    SocketChange change =
        new StateChangeReader(TracepointFormat.of(TracepointFormatTest.OLD_FORMAT))
            .read(bytes, 8, 4711, NOW);
    assertThat(change).isNotNull();
    assertThat(change.address()).hasToString("127.0.0.1");
  }

  @Test
  void ipv6_isReadFromItsOwnField() throws KernelException {
    SocketChange change = read(CLOSE, LISTEN, 10, 6, 611);
    assertThat(change).isNotNull();
    assertThat(change.address()).hasToString("::1");
  }

  @Test
  void listenerThatCloses_isAClosing() throws KernelException {
    SocketChange change = read(LISTEN, CLOSE, 2, 6, 65535);
    assertThat(change).isNotNull();
    assertThat(change.opened()).isFalse();
    assertThat(change.port()).isEqualTo(65535);
  }

  @Test
  void acceptedConnection_isNoChange() throws KernelException {
    assertThat(read(LISTEN, ESTABLISHED, 2, 6, 611)).isNull();
  }

  @Test
  void otherProtocolFamilyOrNoPort_isNoChange() throws KernelException {
    assertThat(read(CLOSE, LISTEN, 2, 132, 611)).isNull();
    assertThat(read(CLOSE, LISTEN, 38, 6, 611)).isNull();
    assertThat(read(CLOSE, LISTEN, 2, 6, 0)).isNull();
  }
}
