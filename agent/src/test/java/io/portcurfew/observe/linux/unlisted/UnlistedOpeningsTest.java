package io.portcurfew.observe.linux.unlisted;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnlistedOpeningsTest {

  private static final Address ANY = Address.parse("0.0.0.0").orElseThrow();
  private static final Map<Long, String> NAMES = Map.of(1L, "host", 7L, "web");

  private final UnlistedOpenings openings = new UnlistedOpenings();
  private Duration now = Duration.ofSeconds(100);

  private UnlistedOpenings.Unconfirmed opening(int port, @Nullable Long namespace, long user) {
    return new UnlistedOpenings.Unconfirmed(
        Protocol.TCP, ANY, port, namespace, "python3[4711]", user, now);
  }

  private static Listener listener(int port, String namespace) {
    return new Listener(new Endpoint(Protocol.TCP, ANY, port, namespace), null, List.of(), "ss");
  }

  /** The gaps of the next scan, which begins a second later. */
  private List<Gap> scan(Listener... listeners) {
    now = now.plusSeconds(1);
    return openings.scanned("sock_diag", List.of(listeners), NAMES, now, endpoint -> false);
  }

  private List<Gap> scans(int count, Listener... listeners) {
    for (int i = 1; i < count; i++) {
      scan(listeners);
    }
    return scan(listeners);
  }

  @Test
  void listenerThatNoScanShows_isAGapOfItsNamespace() {
    openings.add(9, opening(611, 42L, 1000));
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
    openings.add(9, opening(611, 42L, 1000));
    assertThat(scans(3, listener(611, "web"), listener(611, "host"))).hasSize(1);
  }

  @Test
  void processInAKnownNamespace_mayHaveOpenedElsewhere() {
    openings.add(9, opening(611, 7L, 1000));
    assertThat(scans(3, listener(611, "host")))
        .extracting(Gap::place)
        .containsExactly(Place.in(UnlistedOpenings.UNKNOWN));
    assertThat(scan(listener(611, "web"))).isEmpty();
    assertThat(scan()).as("it was confirmed").isEmpty();
  }

  @Test
  void listenerOfTheHost_isConfirmedByAnyNamespace() {
    openings.add(9, opening(611, null, 1000));
    assertThat(scans(3)).extracting(Gap::place).containsExactly(Place.in("unknown"));
    openings.add(10, opening(22, null, 0));
    assertThat(scans(3, listener(22, "host"))).hasSize(1);
  }

  @Test
  void gapOfTheScan_isNotRepeated() {
    openings.add(9, opening(611, 7L, 1000));
    scans(3);
    now = now.plusSeconds(1);
    assertThat(
            openings.scanned(
                "sock_diag", List.of(), NAMES, now, one -> one.namespace().equals("web")))
        .isEmpty();
  }

  @Test
  void lostEnds_areForgottenAfterSomeTime() {
    openings.add(9, opening(611, 42L, 1000));
    openings.lost(now);
    assertThat(scans(3)).hasSize(1);
    now = now.plus(UnlistedOpenings.AFTER_LOSS);
    assertThat(scan()).isEmpty();
  }

  @Test
  void manyOfOneUser_leaveRoomForOthers() {
    for (int i = 0; i < 10_000; i++) {
      openings.add(100 + i, opening(20_000 + i, 42L, 1000));
    }
    openings.add(9, opening(611, 43L, 1001));
    List<Gap> gaps = scans(3);
    assertThat(gaps).extracting(gap -> gap.place().namespace()).contains("net:[42]", "net:[43]");
    assertThat(gaps.get(0).why())
        .endsWith(" and 124 more; 9872 more openings had no place in the list")
        .hasSizeLessThan(500);
  }
}
