package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.kernel.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class MptcpEndpointsTest {

  /** An answer with a nested address of this content, behind the header of generic netlink. */
  private static ByteBuffer answer(int type, int length, short port) {
    ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
    out.putInt(0).putShort((short) 12).putShort((short) 0x8001);
    return out.putShort((short) length).putShort((short) type).putShort(port).putShort((short) 0);
  }

  private static Integer port(ByteBuffer answer) throws KernelException {
    return MptcpEndpoints.port(answer, 0, answer.position());
  }

  @Test
  void portIsInNativeOrder() throws Exception {
    assertThat(port(answer(5, 6, (short) 8443))).isEqualTo(8443);
    assertThat(port(answer(5, 6, (short) 60000))).isEqualTo(60000);
  }

  @Test
  void endpointWithoutPortHasNone() throws Exception {
    assertThat(port(answer(2, 6, (short) 1))).isNull();
  }

  @Test
  void truncatedAnswerIsRefused() {
    assertThatThrownBy(() -> port(answer(5, 60, (short) 1))).isInstanceOf(KernelException.class);
  }
}
