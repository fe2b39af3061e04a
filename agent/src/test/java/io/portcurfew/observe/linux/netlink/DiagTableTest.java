package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.CountedReading;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.SocketCounts;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiagTableTest {

  private static final KernelSocket ONE = socket(611, 1);
  private static final KernelSocket TWO = socket(612, 2);

  private final FakeKernel kernel = new FakeKernel();
  private final SocketTable table = new DiagTable("sock_diag", kernel);

  private static final String NONE_4 =
      "sockets: used 9\nTCP: inuse 0 orphan 0\nUDP: inuse 0 mem 0\n";
  private static final String NONE_6 = "TCP6: inuse 0\nUDP6: inuse 0\n";

  @TempDir private Path proc;

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
    private int dumps;
    private Set<Long> cutUsers = Set.of();

    @Override
    public Dump dump(Transport transport, boolean ipv6, int most) throws KernelException {
      dumps++;
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

  private void counts(String ipv4, String ipv6) throws IOException {
    Files.writeString(proc.resolve("sockstat"), ipv4);
    Files.writeString(proc.resolve("sockstat6"), ipv6);
  }

  private SocketTable counted() {
    ProcFs files = new ProcFs(proc);
    return new DiagTable(
        "sock_diag", kernel, SocketCounts.open(name -> files.open(name, Libc.O_RDONLY)), null);
  }

  /** Each tenth look dumps the transports that are not judged. */
  private static final int UNASSESSED = 10;

  /** The dumps of TCP and UDP in one frequent look; those of other transports come in turns. */
  private int dumpsOfNext(SocketTable counted) throws KernelException {
    kernel.dumps = 0;
    counted.lookAgain(9);
    return kernel.dumps;
  }

  @Test
  void frequentLookOfEmptyNamespace_dumpsNothing() throws Exception {
    counts(NONE_4, NONE_6);
    try (SocketTable counted = counted()) {
      counted.look(9);
      assertThat(dumpsOfNext(counted)).isZero();
      kernel.open.add(ONE);
      counts(NONE_4.replace("TCP: inuse 0", "TCP: inuse 1"), NONE_6);
      SocketTable.Contents look = counted.lookAgain(9);
      assertThat(look.sockets()).containsExactly(ONE);
      assertThat(look.changed()).isTrue();
    }
  }

  @Test
  void knownSocket_isNotEndedByACountAlone() throws Exception {
    counts(NONE_4, NONE_6);
    kernel.open.add(ONE);
    try (SocketTable counted = counted()) {
      assertThat(counted.look(9).sockets()).containsExactly(ONE);
      assertThat(counted.lookAgain(9).sockets()).containsExactly(ONE);
      kernel.open.clear();
      assertThat(counted.lookAgain(9).sockets()).isEmpty();
    }
  }

  @Test
  void countThatStaysZero_isNotTrustedForLong() throws Exception {
    counts(NONE_4, NONE_6);
    try (SocketTable counted = counted()) {
      counted.look(9);
      kernel.open.add(ONE);
      int looks = 1;
      while (counted.lookAgain(9).sockets().isEmpty()) {
        looks++;
      }
      assertThat(looks).isEqualTo(DiagTable.LOOKS_PER_DUMP);
    }
  }

  @Test
  void rareLook_dumpsEveryTable() throws Exception {
    counts(NONE_4, NONE_6);
    try (SocketTable counted = counted()) {
      counted.look(9);
      kernel.dumps = 0;
      counted.look(9);
      assertThat(kernel.dumps).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "TCP: inuse 10 orphan 0\nUDP: inuse 03\n",
        "TCP: inuse -1\nUDP: inuse\n",
        "TCP: used 0\nUDP:inuse 0\n",
        "TCP6: inuse 0 UDP: inuse 0\n",
        "TCP: inuse 0",
      })
  void unreadableCounts_areUnknown(String text) throws Exception {
    counts(text, "");
    try (SocketTable counted = counted()) {
      counted.look(9);
      assertThat(dumpsOfNext(counted)).isEqualTo(4);
    }
  }

  @Test
  void countsThatCannotBeOpened_areUnknown() throws Exception {
    try (SocketTable counted = counted()) {
      counted.look(9);
      assertThat(dumpsOfNext(counted)).isEqualTo(4);
    }
  }

  @Test
  void emptyTableWakes_ifTheNumberOfSocketsChanges() throws Exception {
    counts(NONE_4, NONE_6);
    try (SocketTable counted = counted()) {
      counted.look(9);
      counts(NONE_4.replace("mem 0", "mem 7"), NONE_6);
      assertThat(counted.mayHaveWoken()).isFalse();
      counts(NONE_4.replace("used 9", "used 90"), NONE_6);
      assertThat(counted.mayHaveWoken()).isTrue();
      kernel.open.add(ONE);
      counted.look(9);
      counts(NONE_4, NONE_6);
      assertThat(counted.mayHaveWoken()).as("a table with sockets has its turn").isFalse();
    }
  }

  @Test
  void unknownNumberOfSockets_wakesNothing() throws Exception {
    try (SocketTable counted = counted()) {
      counted.look(9);
      assertThat(counted.mayHaveWoken()).isFalse();
    }
    counts("", "");
    try (SocketTable counted = counted()) {
      counted.look(9);
      assertThat(counted.mayHaveWoken()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sockets: used 90\n", "sockets: used 1\n", "sockets: used 9", ""})
  void otherNumberOfSockets_isNotThatOfTheAgent(String text) throws Exception {
    counts(text, "");
    try (SocketTable counted = counted()) {
      counted.look(9);
      assertThat(counted.hasOnly(9)).isFalse();
    }
  }

  @Test
  void numberOfSocketsOfTheAgent_isNotTrustedForLong() throws Exception {
    counts(NONE_4, NONE_6);
    try (SocketTable counted = counted()) {
      counted.look(9);
      for (int look = 1; look < DiagTable.LOOKS_PER_DUMP; look++) {
        assertThat(counted.hasOnly(9)).isTrue();
      }
      assertThat(counted.hasOnly(9)).isFalse();
      assertThat(counted.hasOnly(9)).isTrue();
    }
  }

  @Test
  void numberOfSockets_isThatOfTheLastLook() throws Exception {
    counts(NONE_4, NONE_6);
    try (SocketTable counted = counted()) {
      counted.look(9);
      counts(NONE_4.replace("used 9", "used 10"), NONE_6);
      assertThat(counted.hasOnly(9)).isTrue();
      assertThat(counted.mayHaveWoken()).isTrue();
      counted.lookAgain(9);
      assertThat(counted.hasOnly(9)).isFalse();
      assertThat(counted.hasOnly(10)).isTrue();
    }
  }

  @Test
  void quietLook_leavesOutTcpWhileItsCountIsTheSame() throws Exception {
    counts(NONE_4.replace("TCP: inuse 0", "TCP: inuse 1"), NONE_6);
    kernel.open.add(ONE);
    try (SocketTable counted = counted()) {
      counted.look(9);
      kernel.open.clear();
      for (int look = 1; look <= CountedReading.MOST_LOOKS; look++) {
        assertThat(counted.lookQuietly(9, Set.of(Protocol.TCP)).sockets()).containsExactly(ONE);
      }
      assertThat(counted.lookQuietly(9, Set.of(Protocol.TCP)).sockets()).isEmpty();
    }
  }

  @Test
  void quietLook_dumpsTcpWhenItsCountIsAnotherOrASocketHasGone() throws Exception {
    counts(NONE_4, NONE_6.replace("TCP6: inuse 0", "TCP6: inuse 1"));
    kernel.open.add(ONE);
    try (SocketTable counted = counted()) {
      counted.look(9);
      kernel.open.clear();
      assertThat(counted.lookQuietly(9, Set.of(Protocol.TCP)).sockets()).containsExactly(ONE);
      counts(NONE_4, NONE_6);
      assertThat(counted.lookQuietly(9, Set.of(Protocol.TCP)).sockets()).isEmpty();
      kernel.open.add(ONE);
      assertThat(counted.look(9).sockets()).containsExactly(ONE);
      kernel.open.clear();
      assertThat(counted.hasGone(ONE)).isTrue();
      assertThat(counted.lookQuietly(9, Set.of(Protocol.TCP)).sockets()).isEmpty();
    }
  }

  @Test
  void quietLook_dumpsNothingWhereEventsReportBoth() throws Exception {
    counts(NONE_4.replace("UDP: inuse 0", "UDP: inuse 1"), NONE_6);
    try (SocketTable counted = counted()) {
      counted.look(9);
      kernel.dumps = 0;
      for (int look = 1; look < UNASSESSED; look++) {
        counted.lookQuietly(9, Set.of(Protocol.TCP, Protocol.UDP));
      }
      assertThat(kernel.dumps).isZero();
      for (int look = UNASSESSED; look <= CountedReading.MOST_LOOKS; look++) {
        counted.lookQuietly(9, Set.of(Protocol.TCP, Protocol.UDP));
      }
      kernel.dumps = 0;
      counted.lookQuietly(9, Set.of(Protocol.TCP, Protocol.UDP));
      assertThat(kernel.dumps).isGreaterThanOrEqualTo(4);
    }
  }
}
