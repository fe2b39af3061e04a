package io.portcurfew.observe.linux.procnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.Malformed;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledIf("isLittleEndian")
class ProcNetRowsTest {

  private static final String HEADER =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode\n";
  private static final String LISTENS =
      "   0: 0100007F:0263 00000000:0000 0A 00000000:00000005 00:00000000 00000000    33        0"
          + " 4294967295 1 00000000d246c79d 100 0 0 10 0\n";
  private static final String CONNECTED =
      "  10: 0100007F:026F 0100007F:D6EC 01 00000000:00000000 00:00000000 00000000     0        0"
          + " 0 1 000000002f433644 20 0 0 10 -1\n";
  private static final String LISTENS6 =
      "   2: 000080FE000000000000000001000000:0263 00000000000000000000000000000000:0000 0A"
          + " 00000000:00000000 00:00000000 00000000     0        0 532552 1 0 100 0 0 10 0\n";

  static boolean isLittleEndian() {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  }

  @Test
  void onlyListenersAreTaken() {
    ProcNetRows table = parse(HEADER + LISTENS + CONNECTED, Transport.TCP, false);
    assertThat(table.understood()).isTrue();
    assertThat(table.unreadable()).isEmpty();
    assertThat(table.sockets())
        .containsExactly(
            new KernelSocket(
                Transport.TCP, false, 0, 0x7F000001L, 611, 0, 4294967295L, null, 33, null, 5));
    assertThat(table.sockets().get(0).address()).hasToString("127.0.0.1");
  }

  @Test
  void anIpv6AddressIsFourWordsEachReversed() {
    ProcNetRows table = parse(HEADER + LISTENS6, Transport.TCP, true);
    assertThat(table.sockets().get(0).address()).hasToString("fe80::1");
    assertThat(table.sockets().get(0).dualStack()).isNull();
  }

  @Test
  void anUnconnectedUdpSocketIsInStateClose() {
    String row = LISTENS.replace(" 0A ", " 07 ");
    assertThat(parse(HEADER + row, Transport.UDP, false).sockets()).hasSize(1);
    assertThat(parse(HEADER + row, Transport.TCP, false).sockets()).isEmpty();
  }

  @Test
  void invalidRow_isKeptAsUnreadable() {
    ProcNetRows table = parse(HEADER + "rubbish\n" + LISTENS, Transport.TCP, false);
    assertThat(table.unreadable()).containsExactly("rubbish".getBytes(StandardCharsets.UTF_8));
    assertThat(table.sockets()).hasSize(1);
  }

  @Test
  void anEmptyFileIsNotUnderstood() {
    assertThat(parse("", Transport.TCP, false).understood()).isFalse();
    assertThat(parse(HEADER, Transport.TCP, false).understood()).isTrue();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {31, 32, 33, 34, 35})
  void malformedTablesGiveUnreadableRowsOnly(long seed) {
    Random random = new Random(seed);
    byte[] good = (HEADER + LISTENS + CONNECTED).getBytes(StandardCharsets.UTF_8);
    int unreadable = 0;
    for (int i = 0; i < 10_000; i++) {
      ProcNetRows table = ProcNetRows.parse(Malformed.of(good, random), Transport.TCP, false);
      unreadable += table.unreadable().size();
      table.sockets().forEach(socket -> assertThat(socket.port()).isBetween(0, 65535));
    }
    assertThat(unreadable).isGreaterThan(1_000);
  }

  private static ProcNetRows parse(String text, Transport transport, boolean ipv6) {
    return ProcNetRows.parse(text.getBytes(StandardCharsets.ISO_8859_1), transport, ipv6);
  }
}
