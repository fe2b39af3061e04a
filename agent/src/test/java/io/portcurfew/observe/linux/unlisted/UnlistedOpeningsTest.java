package io.portcurfew.observe.linux.unlisted;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnlistedOpeningsTest {

  private static final Address ANY = Address.parse("0.0.0.0").orElseThrow();
  private static final Map<Long, String> NAMES = Map.of(1L, Endpoint.HOST, 7L, "web");
  private static final String WEB = "web";

  private final UnlistedOpenings openings = new UnlistedOpenings();
  private Duration now = Duration.ofSeconds(100);

  /** A socket of a table in a namespace. */
  private record TableRow(String namespace, KernelSocket socket) {}

  private UnlistedOpenings.Unconfirmed opening(int port, @Nullable Long namespace, long user) {
    return new UnlistedOpenings.Unconfirmed(
        Protocol.TCP, ANY, port, namespace, "python3[4711]", user, now);
  }

  private static KernelSocket socket(int port, long inode) {
    return new KernelSocket(Transport.TCP, false, 0, 0, port, 0, inode, null, 0, null, 0);
  }

  private static TableRow at(String namespace, int port, long inode) {
    return new TableRow(namespace, socket(port, inode));
  }

  private void add(long socket, UnlistedOpenings.Unconfirmed opening) {
    openings.add(socket, opening, null);
  }

  /** The gaps of the next scan, which begins a second later. */
  private List<Gap> scan(TableRow... rows) {
    return scan(endpoint -> false, rows);
  }

  private List<Gap> scan(Predicate<Endpoint> isCovered, TableRow... rows) {
    now = now.plusSeconds(1);
    Map<String, List<KernelSocket>> tables = new HashMap<>();
    Arrays.stream(rows)
        .forEach(
            row ->
                tables
                    .computeIfAbsent(row.namespace(), name -> new ArrayList<>())
                    .add(row.socket()));
    openings.list(tables.values(), now);
    return openings.scanned("sock_diag", tables, NAMES, now, isCovered);
  }

  private List<Gap> scans(int count, TableRow... rows) {
    for (int i = 1; i < count; i++) {
      scan(rows);
    }
    return scan(rows);
  }

  @Test
  void listenerThatNoScanShows_isAGapOfItsNamespace() {
    add(9, opening(611, 42L, 1000));
    assertThat(scan()).isEmpty();
    assertThat(scan())
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.hidesListeners()).isTrue();
              assertThat(gap.place()).isEqualTo(Place.in("net:[42]"));
              assertThat(gap.why())
                  .endsWith("tcp 0.0.0.0:611, opened by python3[4711] of uid 1000");
            });
    openings.closed(9);
    assertThat(scan()).isEmpty();
  }

  @Test
  void sameAddressInAnotherNamespace_isAnotherListener() {
    add(9, opening(611, 42L, 1000));
    assertThat(scans(3, at(WEB, 611, 5), at(Endpoint.HOST, 611, 6))).hasSize(1);
  }

  @Test
  void processInAKnownNamespace_mayHaveOpenedElsewhere() {
    add(9, opening(611, 7L, 1000));
    assertThat(scans(3, at(Endpoint.HOST, 611, 5)))
        .extracting(Gap::place)
        .containsExactly(Place.in(UnlistedOpenings.UNKNOWN));
    assertThat(scan(at(WEB, 611, 6))).isEmpty();
    assertThat(scan()).as("it was confirmed").isEmpty();
  }

  @Test
  void listenerOfTheHost_isConfirmedByAnyNamespace() {
    add(9, opening(611, null, 1000));
    assertThat(scans(3)).extracting(Gap::place).containsExactly(Place.in("unknown"));
    add(10, opening(22, null, 0));
    assertThat(scans(3, at(WEB, 22, 5))).hasSize(1);
  }

  @Test
  void olderListenerAtTheSameAddress_confirmsNothing() {
    TableRow older = at(Endpoint.HOST, 22, 5);
    scan(older);
    now = now.plusMillis(1);
    add(9, opening(22, null, 1000));
    assertThat(scans(3, older)).extracting(Gap::place).containsExactly(Place.in("unknown"));
    assertThat(scan(older, at(Endpoint.HOST, 22, 6))).isEmpty();
  }

  @Test
  void socket_confirmsOneOpening() {
    add(9, opening(611, null, 1000));
    add(10, opening(611, null, 1000));
    TableRow first = at(Endpoint.HOST, 611, 5);
    assertThat(scans(3, first)).hasSize(1);
    assertThat(scan(first, at(WEB, 611, 6))).isEmpty();
  }

  @Test
  void openingOfAKnownNamespace_findsItsSocketFirst() {
    add(9, opening(611, null, 1000));
    add(10, opening(611, 7L, 1000));
    assertThat(scans(3, at(WEB, 611, 5)))
        .extracting(Gap::place)
        .containsExactly(Place.in("unknown"));
    assertThat(scan(at(WEB, 611, 5), at(Endpoint.HOST, 611, 6))).isEmpty();
  }

  @Test
  void socketOfALook_confirmsOneOpening() {
    KernelSocket seen = socket(611, 5);
    assertThat(openings.mayConfirm(seen, now)).isTrue();
    openings.add(9, opening(611, null, 1000), seen);
    assertThat(openings.mayConfirm(seen, now)).isFalse();
    openings.add(10, opening(611, null, 1000), seen);
    assertThat(scans(3, new TableRow(Endpoint.HOST, seen))).hasSize(1);
  }

  @Test
  void socketThatListensAgain_confirmsItsNextOpening() {
    KernelSocket seen = socket(611, 5);
    openings.add(9, opening(611, null, 1000), seen);
    scan(new TableRow(Endpoint.HOST, seen));
    openings.closed(9);
    now = now.plusMillis(1);
    openings.add(9, opening(611, null, 1000), seen);
    assertThat(scans(3, new TableRow(Endpoint.HOST, seen))).isEmpty();
  }

  @Test
  void gapOfTheScan_isNotRepeated() {
    add(9, opening(611, 7L, 1000));
    scans(3);
    assertThat(scan(one -> one.namespace().equals(WEB))).isEmpty();
  }

  @Test
  void lostEnds_areForgottenAfterSomeTime() {
    add(9, opening(611, 42L, 1000));
    KernelSocket seen = socket(22, 5);
    openings.add(10, opening(22, null, 0), seen);
    openings.lost(now);
    assertThat(scans(3)).hasSize(1);
    assertThat(openings.mayConfirm(seen, now)).isFalse();
    now = now.plus(UnlistedOpenings.AFTER_LOSS);
    assertThat(scan()).isEmpty();
    assertThat(openings.mayConfirm(seen, now)).as("it may be another one by now").isTrue();
  }

  @Test
  void manyOfOneUser_leaveRoomForOthers() {
    for (int i = 0; i < 10_000; i++) {
      boolean added = openings.add(100 + i, opening(20_000 + i, 42L, 1000), null);
      assertThat(added).isEqualTo(i < UnlistedOpenings.MOST_OF_USER);
    }
    add(9, opening(611, 43L, 1001));
    List<Gap> gaps = scans(3);
    assertThat(gaps).extracting(gap -> gap.place().namespace()).contains("net:[42]", "net:[43]");
    assertThat(gaps.get(0).why())
        .endsWith(" and 1020 more; 8976 more openings had no place in the list")
        .hasSizeLessThan(500);
  }
}
