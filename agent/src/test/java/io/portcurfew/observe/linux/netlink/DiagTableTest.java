package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private RuntimeException bug;
    private Transport refused = Transport.SCTP;
    private final Map<String, List<KernelSocket>> answers = new HashMap<>();
    private boolean torn;
    private Set<Long> cutUsers = Set.of();

    @Override
    public Dump dump(Transport transport, boolean ipv6, int most) throws KernelException {
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
      return new Dump(last.equals(rows) ? last : rows, torn, cutUsers);
    }

    @Override
    public KernelSocket find(KernelSocket socket, boolean exact) throws KernelException {
      if (bug != null) {
        throw bug;
      }
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
  void socketMissedByADump_isStillThere() throws KernelException {
    kernel.open.addAll(List.of(ONE, TWO));
    assertThat(table.look(20_000).changed()).isTrue();
    kernel.missedByDumps.add(ONE);
    for (int look = 0; look < 3; look++) {
      SocketTable.Contents seen = table.look(20_000);
      assertThat(seen.sockets()).containsExactlyInAnyOrder(ONE, TWO);
      assertThat(seen.changed()).isFalse();
    }
  }

  @Test
  void closedSocket_isGoneAtOnce() throws KernelException {
    kernel.open.addAll(List.of(ONE, TWO));
    table.look(20_000);
    kernel.open.remove(ONE);
    SocketTable.Contents seen = table.look(20_000);
    assertThat(seen.sockets()).containsExactly(TWO);
    assertThat(seen.changed()).isTrue();
    assertThat(table.look(20_000).changed()).isFalse();
  }

  @Test
  void newSocketAtTheEndpoint_replacesTheFirst() throws KernelException {
    kernel.open.add(ONE);
    table.look(20_000);
    KernelSocket again = socket(611, 3);
    kernel.open.set(0, again);
    table.look(20_000);
    assertThat(table.look(20_000).sockets()).containsExactly(again);
  }

  @Test
  void memberMissedByTwoDumps_isGone() throws KernelException {
    KernelSocket brother = socket(611, 3);
    kernel.open.addAll(List.of(ONE, brother));
    table.look(20_000);
    kernel.open.remove(brother);
    assertThat(table.look(20_000).sockets()).containsExactlyInAnyOrder(ONE, brother);
    assertThat(table.look(20_000).sockets()).containsExactly(ONE);
  }

  @Test
  void socketMissedByAnEqualDump_isLookedUp() throws KernelException {
    kernel.open.addAll(List.of(ONE, TWO));
    table.look(20_000);
    kernel.missedByDumps.add(ONE);
    assertThat(table.look(20_000).sockets()).containsExactlyInAnyOrder(ONE, TWO);
    kernel.open.remove(ONE);
    assertThat(table.look(20_000).sockets()).containsExactly(TWO);
  }

  @Test
  void socketGoneSinceTheLook_isRemoved() throws KernelException {
    kernel.open.addAll(List.of(ONE, TWO));
    SocketTable.Contents seen = table.look(20_000);
    assertThat(table.hasGone(ONE)).isFalse();
    kernel.open.remove(ONE);
    assertThat(table.hasGone(ONE)).isTrue();
    assertThat(seen.sockets()).containsExactly(TWO);
    assertThat(table.look(20_000).sockets()).containsExactly(TWO);
  }

  @Test
  void socketMissedByTheDumpOnly_isStillThere() throws KernelException {
    kernel.open.add(ONE);
    table.look(20_000);
    kernel.noLookUps = new KernelException("asking", Errno.EAGAIN);
    assertThat(table.hasGone(ONE)).isFalse();
  }

  @Test
  void failedLookup_isAGapAndNoEnd() throws KernelException {
    kernel.open.addAll(List.of(ONE, TWO));
    table.look(20_000);
    kernel.open.remove(ONE);
    kernel.noLookUps = new KernelException("asking", Errno.EAGAIN);
    SocketTable.Contents seen = table.look(20_000);
    assertThat(seen.sockets()).containsExactlyInAnyOrder(ONE, TWO);
    assertThat(seen.gaps()).singleElement().matches(Gap::hidesListeners);
  }

  @Test
  void tableChangedDuringTwoDumps_isAGap() throws KernelException {
    kernel.torn = true;
    assertThat(table.look(20_000).gaps()).isNotEmpty().allMatch(Gap::hidesListeners);
  }

  @Test
  void missingTransport_isNoGap() throws KernelException {
    kernel.refusal = new KernelException("asking", Errno.ENOENT);
    assertThat(table.look(20_000).gaps()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"TCP", "UDP"})
  void kernelWithoutTcpOrUdp_isAnError(Transport transport) {
    kernel.refused = transport;
    kernel.refusal = new KernelException("asking", Errno.ENOENT);
    assertThatExceptionOfType(KernelException.class).isThrownBy(() -> table.look(20_000));
  }

  @Test
  void aRefusalIsNoAbsence() {
    kernel.refusal = new KernelException("asking", Errno.EPERM);
    assertThatExceptionOfType(KernelException.class).isThrownBy(() -> table.look(20_000));
  }

  @Test
  void omittedRows_areAGapWithoutLookups() throws KernelException {
    kernel.open.addAll(List.of(ONE, TWO));
    table.look(20_000);
    kernel.missedByDumps.add(ONE);
    kernel.cutUsers = Set.of(0L);
    kernel.noLookUps = new KernelException("asking", Errno.EAGAIN);
    SocketTable.Contents seen = table.look(20_000);
    assertThat(seen.sockets()).containsExactly(TWO);
    assertThat(seen.gaps())
        .extracting(Gap::place)
        .contains(new Place(null, Protocol.TCP, Place.AddressFamily.IPV4));
    assertThat(seen.gaps()).allSatisfy(gap -> assertThat(gap.why()).contains("uid 0"));
  }

  @Test
  void changeOfAFailedLook_isSeenByTheNext() throws KernelException {
    kernel.open.add(ONE);
    table.look(20_000);
    kernel.open.set(0, TWO);
    kernel.bug = new IllegalStateException("a bug");
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> table.look(20_000));
    kernel.bug = null;
    SocketTable.Contents seen = table.look(20_000);
    assertThat(seen.changed()).isTrue();
    assertThat(seen.sockets()).containsExactly(TWO);
  }

  @Test
  void cookieOfAnotherNamespace_isNoMatch() throws KernelException {
    kernel.open.add(ONE);
    table.look(20_000);
    KernelSocket elsewhere =
        new KernelSocket(Transport.TCP, false, 0, 0, 4444, 0, 7_777, 1L, 0, null, 0);
    assertThat(table.hasGone(elsewhere)).isFalse();
    assertThat(table.look(20_000).sockets()).containsExactly(ONE);
  }

  @Test
  void queuesThatGrowAreNoChange() throws KernelException {
    kernel.open.add(ONE);
    table.look(20_000);
    kernel.open.set(
        0, new KernelSocket(Transport.TCP, false, 0, 0x7F000001L, 611, 0, 901, 1L, 0, null, 99));
    assertThat(table.look(20_000).changed()).isFalse();
  }
}
