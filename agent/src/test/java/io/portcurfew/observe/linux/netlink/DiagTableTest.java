package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiagTableTest {

  private static final KernelSocket ONE = socket(611, 1);
  private static final KernelSocket TWO = socket(612, 2);

  private final FakeKernel kernel = new FakeKernel();
  private final SocketTable table = new DiagTable("sock_diag", kernel);

  private static KernelSocket socket(int port, long cookie) {
    return new KernelSocket(
        Transport.TCP, false, 0, 0x7F000001L, port, 0, 900 + cookie, cookie, 0, null, 0);
  }

  /** A kernel whose dumps may miss what its look-ups find. */
  private static final class FakeKernel implements DiagQueries {
    private final List<KernelSocket> open = new ArrayList<>();
    private final List<KernelSocket> missedByDumps = new ArrayList<>();
    private KernelException refusal;
    private KernelException noLookUps;
    private Transport refused = Transport.SCTP;
    private final Map<String, List<KernelSocket>> answers = new HashMap<>();
    private boolean torn;

    @Override
    public Dump dump(Transport transport, boolean ipv6) throws KernelException {
      if (refusal != null && transport == refused) {
        throw refusal;
      }
      List<KernelSocket> rows =
          open.stream()
              .filter(socket -> socket.transport() == transport && socket.ipv6() == ipv6)
              .filter(socket -> !missedByDumps.contains(socket))
              .toList();
      // As the kernel's answer: the same list while it is equal.
      List<KernelSocket> last = answers.getOrDefault(transport + "/" + ipv6, List.of());
      answers.put(transport + "/" + ipv6, last.equals(rows) ? last : rows);
      return new Dump(last.equals(rows) ? last : rows, torn);
    }

    @Override
    public KernelSocket find(KernelSocket socket, boolean exact) throws KernelException {
      if (noLookUps != null) {
        throw noLookUps;
      }
      // The look-up by place chooses one of a group, and only then compares the cookie.
      KernelSocket chosen = open.stream().filter(socket::isAt).findFirst().orElse(null);
      return exact && chosen != null && !chosen.key().equals(socket.key()) ? null : chosen;
    }

    @Override
    public String interfaceName(int index) {
      return null;
    }

    @Override
    public Long inode() {
      return 1L;
    }

    @Override
    public void close() {}
  }

  @Test
  void whatADumpMissesIsStillThere() throws KernelException {
    kernel.open.addAll(List.of(ONE, TWO));
    assertThat(table.look().changed()).isTrue();
    kernel.missedByDumps.add(ONE);
    for (int look = 0; look < 3; look++) {
      SocketTable.Look seen = table.look();
      assertThat(seen.sockets()).containsExactlyInAnyOrder(ONE, TWO);
      assertThat(seen.changed()).isFalse();
    }
  }

  @Test
  void whatIsClosedIsGoneAtOnce() throws KernelException {
    kernel.open.addAll(List.of(ONE, TWO));
    table.look();
    kernel.open.remove(ONE);
    SocketTable.Look seen = table.look();
    assertThat(seen.sockets()).containsExactly(TWO);
    assertThat(seen.changed()).isTrue();
    assertThat(table.look().changed()).isFalse();
  }

  @Test
  void anotherSocketAtTheSamePlaceReplacesTheFirst() throws KernelException {
    kernel.open.add(ONE);
    table.look();
    KernelSocket again = socket(611, 3);
    kernel.open.set(0, again);
    table.look();
    assertThat(table.look().sockets()).containsExactly(again);
  }

  @Test
  void oneOfAGroupThatTwoDumpsMissIsGoneAndNotBefore() throws KernelException {
    KernelSocket brother = socket(611, 3);
    kernel.open.addAll(List.of(ONE, brother));
    table.look();
    kernel.open.remove(brother);
    assertThat(table.look().sockets()).containsExactlyInAnyOrder(ONE, brother);
    assertThat(table.look().sockets()).containsExactly(ONE);
  }

  @Test
  void whatASameAnswerMissesIsLookedUpAtEveryLook() throws KernelException {
    kernel.open.addAll(List.of(ONE, TWO));
    table.look();
    kernel.missedByDumps.add(ONE);
    assertThat(table.look().sockets()).containsExactlyInAnyOrder(ONE, TWO);
    kernel.open.remove(ONE);
    assertThat(table.look().sockets()).containsExactly(TWO);
  }

  @Test
  void aSocketThatHasGoneSinceTheLookIsTakenFromIt() throws KernelException {
    kernel.open.addAll(List.of(ONE, TWO));
    SocketTable.Look seen = table.look();
    assertThat(table.hasGone(ONE)).isFalse();
    kernel.open.remove(ONE);
    assertThat(table.hasGone(ONE)).isTrue();
    assertThat(seen.sockets()).containsExactly(TWO);
    assertThat(table.look().sockets()).containsExactly(TWO);
  }

  @Test
  void aSocketThatOnlyTheDumpMissesHasNotGone() throws KernelException {
    kernel.open.add(ONE);
    table.look();
    kernel.noLookUps = new KernelException("asking", Errno.EAGAIN);
    assertThat(table.hasGone(ONE)).isFalse();
  }

  @Test
  void whatCannotBeLookedUpIsNotGoneAndThatIsTold() throws KernelException {
    kernel.open.addAll(List.of(ONE, TWO));
    table.look();
    kernel.open.remove(ONE);
    kernel.noLookUps = new KernelException("asking", Errno.EAGAIN);
    SocketTable.Look seen = table.look();
    assertThat(seen.sockets()).containsExactlyInAnyOrder(ONE, TWO);
    assertThat(seen.gaps()).singleElement().matches(Gap::hidesListeners);
  }

  @Test
  void aTableThatChangedUnderTwoDumpsIsAGap() throws KernelException {
    kernel.torn = true;
    assertThat(table.look().gaps()).isNotEmpty().allMatch(Gap::hidesListeners);
  }

  @Test
  void aTransportThatTheKernelLacksIsNoGap() throws KernelException {
    kernel.refusal = new KernelException("asking", Errno.ENOENT);
    assertThat(table.look().gaps()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"TCP", "UDP"})
  void aKernelThatDoesNotTellOfTcpOrUdpIsOfNoUse(Transport transport) {
    kernel.refused = transport;
    kernel.refusal = new KernelException("asking", Errno.ENOENT);
    assertThatExceptionOfType(KernelException.class).isThrownBy(table::look);
  }

  @Test
  void aRefusalIsNoAbsence() {
    kernel.refusal = new KernelException("asking", Errno.EPERM);
    assertThatExceptionOfType(KernelException.class).isThrownBy(table::look);
  }

  @Test
  void queuesThatGrowAreNoChange() throws KernelException {
    kernel.open.add(ONE);
    table.look();
    kernel.open.set(
        0, new KernelSocket(Transport.TCP, false, 0, 0x7F000001L, 611, 0, 901, 1L, 0, null, 99));
    assertThat(table.look().changed()).isFalse();
  }
}
