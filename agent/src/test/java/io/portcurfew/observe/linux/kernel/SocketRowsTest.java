package io.portcurfew.observe.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SocketRowsTest {

  private static final int MOST = 100;
  private static final long ATTACKER = 1000;

  private final SocketRows rows = new SocketRows(MOST, 0);

  private static KernelSocket socket(long uid, int port, long cookie) {
    return new KernelSocket(
        Transport.UDP, false, 0, 0x7F000001L, port, 0, cookie, cookie, uid, null, 0);
  }

  private void flood(long uid, int sockets) {
    IntStream.range(0, sockets).forEach(i -> rows.add(socket(uid, 2_000 + i, uid * 100_000 + i)));
  }

  private List<Integer> ports(long uid) {
    return rows.kept().stream().filter(row -> row.uid() == uid).map(KernelSocket::port).toList();
  }

  @Test
  void aFloodDisplacesOnlySocketsOfItsUser() {
    flood(ATTACKER, 5_000);
    rows.add(socket(0, 611, 1));
    flood(ATTACKER, 5_000);
    flood(33, 20);
    flood(ATTACKER, 5_000);
    assertThat(ports(0)).containsExactly(611);
    assertThat(ports(33)).hasSize(20);
    assertThat(rows.kept()).hasSize(MOST);
    assertThat(rows.cutUsers()).containsExactly(ATTACKER);
  }

  @Test
  void twoUsersWhoFloodShareTheBound() {
    flood(ATTACKER, 5_000);
    flood(2_000, 5_000);
    assertThat(ports(ATTACKER)).hasSizeBetween(49, 51);
    assertThat(rows.kept()).hasSize(MOST);
    assertThat(rows.cutUsers()).containsExactly(ATTACKER, 2_000L);
  }

  @Test
  void lowPort_displacesAHighOneOfItsUser() {
    flood(ATTACKER, 5_000);
    rows.add(socket(ATTACKER, 611, 1));
    assertThat(ports(ATTACKER)).contains(611).hasSize(MOST);
  }

  @Test
  void subordinateIdsAreOneUser() {
    IntStream.range(0, 5_000).forEach(i -> rows.add(socket(100_000L + i, 2_000 + i, i)));
    flood(33, 50);
    assertThat(ports(33)).hasSize(50);
    assertThat(rows.cutUsers()).containsExactly(100_000L);
    assertThat(UserGroup.of(165_535)).isEqualTo(100_000);
    assertThat(UserGroup.of(165_536)).isEqualTo(165_536);
  }

  @Test
  void fittingRows_keepTheirOrder() {
    flood(33, MOST);
    assertThat(rows.isCut()).isFalse();
    assertThat(ports(33)).isSorted().hasSize(MOST);
    assertThat(rows.cutUsers()).isEmpty();
  }
}
