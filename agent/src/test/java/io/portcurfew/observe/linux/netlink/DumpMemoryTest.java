package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DumpMemoryTest {

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int LISTEN = 10;
  private static final int MOST = 1_000;

  private final DumpMemory memory = new DumpMemory(Transport.TCP, NetlinkBytes.SEQUENCE);

  private static NetlinkBytes listener(NetlinkBytes to, int port) {
    return to.socket(AF_INET, LISTEN, new byte[4], port, 100L + port, 200 + port, null);
  }

  private static byte[] piece(boolean last, int... ports) {
    NetlinkBytes bytes = new NetlinkBytes();
    for (int port : ports) {
      listener(bytes, port);
    }
    return (last ? bytes.done() : bytes).build();
  }

  private List<KernelSocket> answer(byte[]... pieces) throws KernelException {
    memory.begin(MOST);
    for (int i = 0; i < pieces.length; i++) {
      ByteBuffer bytes = ByteBuffer.allocate(1 << 17).order(ByteOrder.nativeOrder());
      bytes.put(0, pieces[i]);
      assertThat(memory.take(bytes, pieces[i].length)).isEqualTo(i == pieces.length - 1);
    }
    return memory.dumps().ipv4().rows();
  }

  private static List<Integer> ports(List<KernelSocket> rows) {
    return rows.stream().map(KernelSocket::port).toList();
  }

  @Test
  void theSameAnswerIsTheVerySameList() throws KernelException {
    List<KernelSocket> first = answer(piece(false, 1, 2), piece(true, 3));
    assertThat(ports(first)).containsExactly(1, 2, 3);
    assertThat(answer(piece(false, 1, 2), piece(true, 3))).isSameAs(first);
  }

  @Test
  void answerAboutBothFamilies_isDividedAndBoundedByFamily() throws KernelException {
    NetlinkBytes bytes = listener(listener(new NetlinkBytes(), 1), 2);
    byte[] both = bytes.socket(AF_INET6, LISTEN, new byte[16], 3, 103, 203, true).done().build();
    answer(both);
    DiagQueries.FamilyDumps first = memory.dumps();
    assertThat(ports(first.ipv4().rows())).containsExactly(1, 2);
    assertThat(ports(first.ipv6().rows())).containsExactly(3);
    answer(both);
    assertThat(memory.dumps().ipv6().rows()).isSameAs(first.ipv6().rows());
    memory.begin(1);
    memory.take(ByteBuffer.wrap(both).order(ByteOrder.nativeOrder()), both.length);
    assertThat(memory.dumps().ipv4().cutUsers()).containsExactly(1000L);
    assertThat(memory.dumps().ipv6().cutUsers()).isEmpty();
  }

  @Test
  void answerThatDiffersAtItsEnd_isReadAnew() throws KernelException {
    List<KernelSocket> first = answer(piece(false, 1, 2), piece(true, 3));
    assertThat(ports(answer(piece(false, 1, 2), piece(true, 4)))).containsExactly(1, 2, 4);
    assertThat(ports(first)).containsExactly(1, 2, 3);
  }

  @Test
  void refusal_isReportedEachTime() {
    byte[] refusal = new NetlinkBytes().error(Errno.ENOENT).build();
    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(KernelException.class).isThrownBy(() -> answer(refusal));
    }
  }

  @Test
  void anAnswerThatWasCutOffIsForgotten() throws KernelException {
    memory.begin(MOST);
    ByteBuffer half = ByteBuffer.wrap(piece(false, 1, 2)).order(ByteOrder.nativeOrder());
    assertThat(memory.take(half, half.capacity())).isFalse();
    assertThat(ports(answer(piece(true, 1, 2)))).containsExactly(1, 2);
  }

  @Test
  void tornAnswer_staysTornWhenRepeated() throws KernelException {
    byte[] torn =
        listener(new NetlinkBytes(), 1)
            .message(3, NetlinkBytes.MULTI | NetlinkMessages.NLM_F_DUMP_INTR, new byte[4])
            .build();
    for (int i = 0; i < 2; i++) {
      answer(torn);
      assertThat(memory.dumps().ipv4().torn()).isTrue();
    }
    answer(piece(true, 1));
    assertThat(memory.dumps().ipv4().torn()).isFalse();
  }

  @Test
  void longAnswer_isReadAtEveryLook() throws KernelException {
    int[] ports = IntStream.range(1, 500).toArray();
    byte[][] pieces = new byte[60][];
    Arrays.fill(pieces, piece(false, ports));
    pieces[59] = piece(true, 611);
    assertThat(answer(pieces)).hasSize(MOST);
    List<KernelSocket> first = memory.dumps().ipv4().rows();
    assertThat(answer(pieces)).isNotSameAs(first).hasSize(MOST);
    assertThat(memory.dumps().ipv4().cutUsers()).containsExactly(1000L);
    assertThat(ports(answer(piece(true, 611)))).containsExactly(611);
  }

  @Test
  void aSmallerBoundHoldsAtOnce() throws KernelException {
    byte[] same = piece(true, 1, 2, 3);
    assertThat(answer(same)).hasSize(3);
    memory.begin(2);
    memory.take(ByteBuffer.wrap(same).order(ByteOrder.nativeOrder()), same.length);
    assertThat(memory.dumps().ipv4().rows()).hasSize(2);
    assertThat(answer(same)).hasSize(3);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void answerIsReadAsWithoutAMemory(long seed) throws Exception {
    Random random = new Random(seed);
    List<byte[]> kinds =
        List.of(piece(false), piece(false, 1), piece(false, 1, 2), piece(false, 3));
    for (int i = 0; i < 2_000; i++) {
      List<byte[]> pieces = new ArrayList<>();
      for (int more = random.nextInt(3); more > 0; more--) {
        pieces.add(kinds.get(random.nextInt(kinds.size())));
      }
      pieces.add(piece(true, random.nextInt(2)));
      List<Integer> expected = new ArrayList<>();
      for (byte[] piece : pieces) {
        expected.addAll(ports(NetlinkBytes.decode(Transport.TCP, piece)));
      }
      assertThat(ports(answer(pieces.toArray(byte[][]::new)))).isEqualTo(expected);
    }
  }
}
