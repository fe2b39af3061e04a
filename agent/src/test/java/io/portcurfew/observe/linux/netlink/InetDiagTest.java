package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portcurfew.observe.linux.Malformed;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InetDiagTest {

  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int INET = 2;
  private static final int INET6 = 10;
  private static final int LISTEN = 10;

  @ParameterizedTest
  @CsvSource({"611", "25346", "1", "255", "256", "65535"})
  void aPortIsReadInNetworkOrder(int port) throws KernelException {
    byte[] datagram =
        new NetlinkBytes().socket(INET, LISTEN, LOOPBACK, port, 1, 9, null).done().build();
    assertThat(NetlinkBytes.decode(Transport.TCP, datagram))
        .singleElement()
        .satisfies(socket -> assertThat(socket.port()).isEqualTo(port))
        .satisfies(socket -> assertThat(socket.address()).hasToString("127.0.0.1"));
  }

  @ParameterizedTest
  @CsvSource({
    "::, true, false",
    "::, false, true",
    "::1, true,",
    "fe80::1:2:3:4, true,",
    "::, , ",
  })
  void onlyAnIpv6WildcardIsDualStack(String address, Boolean v6only, Boolean dualStack)
      throws Exception {
    byte[] raw = InetAddress.getByName(address).getAddress();
    byte[] datagram =
        new NetlinkBytes().socket(INET6, LISTEN, raw, 611, 1, 9, v6only).done().build();
    KernelSocket socket = NetlinkBytes.decode(Transport.TCP, datagram).get(0);
    assertThat(socket.address()).hasToString(address);
    assertThat(socket.v6only()).isEqualTo(v6only);
    assertThat(socket.dualStack()).isEqualTo(dualStack);
  }

  @Test
  void mappedAddress_isIpv4() throws Exception {
    byte[] raw = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF, 127, 0, 0, 1};
    byte[] datagram = new NetlinkBytes().socket(INET6, LISTEN, raw, 611, 1, 9, false).build();
    assertThat(NetlinkBytes.decode(Transport.TCP, datagram).get(0).address())
        .hasToString("127.0.0.1");
  }

  @Test
  void numbersOfTheKernelAreUnsigned() throws KernelException {
    byte[] datagram = new NetlinkBytes().socket(INET, LISTEN, LOOPBACK, 1, -2, -1, null).build();
    KernelSocket socket = NetlinkBytes.decode(Transport.TCP, datagram).get(0);
    assertThat(socket.inode()).isEqualTo(4294967295L);
    assertThat(socket.cookie()).isEqualTo(-2L);
    assertThat(socket.uid()).isEqualTo(1000);
    assertThat(socket.waiting()).isEqualTo(5);
  }

  @Test
  void aSocketInAnotherStateDoesNotListen() throws KernelException {
    byte[] datagram = new NetlinkBytes().socket(INET, 7, LOOPBACK, 611, 1, 9, null).build();
    assertThat(NetlinkBytes.decode(Transport.TCP, datagram)).isEmpty();
    assertThat(NetlinkBytes.decode(Transport.UDP, datagram)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 13, 38, 93, 105})
  void anErrorKeepsItsNumber(int errno) {
    byte[] datagram = new NetlinkBytes().error(errno).build();
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> NetlinkBytes.decode(Transport.TCP, datagram))
        .satisfies(refusal -> assertThat(refusal.errno()).isEqualTo(errno));
  }

  @Test
  void errorAtTheEndOfADump_isAnError() {
    byte[] body = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(-2).array();
    byte[] datagram = new NetlinkBytes().message(3, NetlinkBytes.MULTI, body).build();
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> NetlinkBytes.decode(Transport.SCTP, datagram))
        .satisfies(refusal -> assertThat(SockDiag.isUnsupported(refusal)).isTrue());
  }

  @Test
  void tableChangedDuringTheDump_isReported() throws KernelException {
    NetlinkMessages messages = new NetlinkMessages(NetlinkBytes.SEQUENCE);
    byte[] datagram = new NetlinkBytes().message(3, NetlinkBytes.MULTI | 0x10, new byte[4]).build();
    NetlinkBytes.read(messages, Transport.TCP, datagram, new ArrayList<>());
    assertThat(messages.interrupted()).isTrue();
    assertThat(messages.ended()).isTrue();
  }

  @Test
  void dumpEndsOnlyWithItsEndMessage() throws KernelException {
    NetlinkMessages messages = new NetlinkMessages(NetlinkBytes.SEQUENCE);
    byte[] datagram = new NetlinkBytes().socket(INET, LISTEN, LOOPBACK, 1, 1, 9, null).build();
    NetlinkBytes.read(messages, Transport.TCP, datagram, new ArrayList<>());
    assertThat(messages.ended()).isFalse();
  }

  @Test
  void answersToAnEarlierRequestArePassedOver() throws KernelException {
    List<KernelSocket> sockets = new ArrayList<>();
    byte[] datagram =
        new NetlinkBytes().socket(INET, LISTEN, LOOPBACK, 1, 1, 9, null).done().build();
    NetlinkMessages messages = new NetlinkMessages(NetlinkBytes.SEQUENCE + 1);
    NetlinkBytes.read(messages, Transport.TCP, datagram, sockets);
    assertThat(sockets).isEmpty();
    assertThat(messages.ended()).isFalse();
  }

  @Test
  void anAnswerCutAtAnyByteIsRefused() {
    byte[] whole = new NetlinkBytes().socket(INET6, LISTEN, new byte[16], 611, 1, 9, true).build();
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatExceptionOfType(KernelException.class)
          .as("cut at %d of %d", length, whole.length)
          .isThrownBy(() -> NetlinkBytes.decode(Transport.TCP, cut));
    }
  }

  @Test
  void requestsSayWhatIsWanted() {
    ByteBuffer out = ByteBuffer.allocate(InetDiag.REQUEST_SIZE).order(ByteOrder.nativeOrder());
    InetDiag.dump(out, Transport.UDP, true, 3);
    assertThat(out.getInt(0)).isEqualTo(72);
    assertThat(out.getShort(4)).isEqualTo((short) 20);
    assertThat(out.getShort(6)).isEqualTo((short) 0x301);
    assertThat(out.get(16)).isEqualTo((byte) 10);
    assertThat(out.get(17)).isEqualTo((byte) 17);
    assertThat(out.getInt(20)).isEqualTo(1 << 7);
    assertThat(out.getShort(24)).isZero();
    InetDiag.dumpListening(out, Transport.TCP, false, 611, 4);
    assertThat(out.getInt(20)).isEqualTo(1 << 10);
    assertThat(new byte[] {out.get(24), out.get(25)}).containsExactly(2, 99);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void malformedMessagesAreRefusedAndNoMore(long seed) {
    Random random = new Random(seed);
    byte[] whole =
        new NetlinkBytes()
            .socket(INET, LISTEN, LOOPBACK, 611, 1, 9, null)
            .socket(INET6, LISTEN, new byte[16], 25346, 2, 10, true)
            .done()
            .build();
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = Malformed.of(whole, random);
      try {
        NetlinkBytes.decode(Transport.TCP, bad)
            .forEach(socket -> assertThat(socket.port()).isBetween(0, 65535));
      } catch (KernelException reported) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 19_999);
  }
}
