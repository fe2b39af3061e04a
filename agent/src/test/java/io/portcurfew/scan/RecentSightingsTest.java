package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.AlertKey;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentSightingsTest {

  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final Duration NOW = Duration.ofHours(1);

  private final RecentSightings recent = new RecentSightings();

  private static Endpoint endpoint(int port) {
    return new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
  }

  private static Finding finding(int port, String user) {
    return finding(port, user, "/usr/bin/nc");
  }

  private static Finding finding(int port, String user, String executable) {
    Owner owner = new Owner(4711, null, HostText.of(executable), HostText.of(user), null);
    return Finding.ofEndpoint(
        FindingKind.OPEN,
        "npmp-gui",
        NotifySettings.of(Severity.CRITICAL),
        endpoint(port),
        "open",
        List.of(owner),
        List.of());
  }

  private static BriefOpening brief(int second) {
    Instant at = NOON.plusSeconds(second);
    return new BriefOpening("perf", Duration.ofNanos(1_234_567), true, 1, at, at);
  }

  @Test
  void message_saysHowLongItWasOpen() {
    assertThat(recent.add(finding(611, "eve"), brief(0), NOW).message())
        .isEqualTo("open; closed again after 1.2 ms");
  }

  @Test
  void thousandPortsOfOneProgram_areFewFindingsWithACount() {
    for (int port = 1000; port < 2000; port++) {
      recent.add(finding(port, "eve"), brief(port - 1000), NOW);
    }
    Finding other = recent.add(finding(1999, "ann"), brief(3), NOW);
    assertThat(recent.lasting(List.of(), NOW))
        .hasSize(RecentSightings.OWN_ALERTS + 1)
        .contains(other);
    assertThat(recent.lasting(List.of(), NOW))
        .extracting(Finding::brief)
        .anySatisfy(
            one -> {
              assertThat(one).isNotNull();
              assertThat(one.count()).isEqualTo(997);
              assertThat(one.first()).isEqualTo(NOON);
              assertThat(one.last()).isEqualTo(NOON.plusSeconds(999));
            });
  }

  @Test
  void finding_lastsAWhileAndEndsByItself() {
    recent.add(finding(611, "eve"), brief(0), NOW);
    assertThat(recent.lasting(List.of(), NOW.plusSeconds(29))).hasSize(1);
    assertThat(recent.lasting(List.of(), NOW.plusSeconds(30))).isEmpty();
  }

  @Test
  void openListenerAtTheSamePlace_takesItsPlace() {
    recent.add(finding(611, "eve"), brief(0), NOW);
    assertThat(recent.lasting(List.of(finding(611, "ann")), NOW)).isEmpty();
  }

  @Test
  void manyProgramsOfOneUser_displaceNoFindingOfAnother() {
    Finding other = recent.add(finding(611, "root"), brief(0), NOW);
    for (int i = 0; i < 2 * RecentSightings.MOST; i++) {
      recent.add(finding(1000 + i, "eve", "/tmp/decoy" + i), brief(0), NOW);
    }
    assertThat(recent.lasting(List.of(), NOW)).hasSize(RecentSightings.MOST).contains(other);
  }

  @Test
  void manyProgramsAtOnePort_areOneFinding() {
    for (int i = 0; i < 1000; i++) {
      recent.add(finding(611, "eve", "/tmp/decoy" + i), brief(0), NOW);
    }
    Finding latest = recent.add(finding(611, "eve", "/tmp/decoy7"), brief(5), NOW);
    assertThat(latest.brief()).isEqualTo(brief(5));
    assertThat(recent.lasting(List.of(), NOW)).containsExactly(latest);
    assertThat(recent.programs()).isEqualTo(1);
    recent.replaced(AlertKey.of(latest));
    assertThat(recent.programs()).isZero();
  }

  @Test
  void findingsThatAreRefreshed_displaceNoOlderOneOfAnother() {
    Finding victim = recent.add(finding(611, "ann"), brief(0), NOW);
    for (int i = 0; i < RecentSightings.MOST - 1; i++) {
      recent.add(finding(1000 + i, "eve", "/tmp/decoy" + i), brief(0), NOW);
    }
    Finding other = recent.add(finding(612, "bob"), brief(0), NOW);
    assertThat(recent.lasting(List.of(), NOW))
        .hasSize(RecentSightings.MOST)
        .contains(victim, other);
  }

  @Test
  void manyOpenings_stayWithinTheBound() {
    for (int i = 0; i < 100_000; i++) {
      recent.add(finding(1 + i % 60_000, "user" + i % 5000), brief(0), NOW.plusMillis(i));
    }
    assertThat(recent.lasting(List.of(), NOW).size()).isLessThanOrEqualTo(RecentSightings.MOST);
    assertThat(recent.lasting(List.of(), NOW.plusDays(1))).isEmpty();
  }

  @Test
  void openListener_isKnownUntilItCloses() {
    recent.opened(new Listener(endpoint(611), null, List.of(), "perf"), NOW);
    assertThat(recent.openedSince(NOW)).hasSize(1);
    recent.closed(Set.of(endpoint(611)));
    assertThat(recent.openedSince(NOW)).isEmpty();
  }

  @Test
  void listenerFromBeforeAScan_isLeftToTheScan() {
    recent.opened(new Listener(endpoint(611), null, List.of(), "perf"), NOW);
    assertThat(recent.openedSince(NOW.plusMillis(1))).isEmpty();
  }
}
