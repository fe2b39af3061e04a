package io.portcurfew.alert;

import static io.portcurfew.alert.SampleSnapshots.at;
import static io.portcurfew.alert.SampleSnapshots.finding;
import static io.portcurfew.alert.SampleSnapshots.open611;
import static io.portcurfew.alert.SampleSnapshots.scan;
import static io.portcurfew.alert.SampleSnapshots.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The maximum of alerts, and the choice among too many. */
class AlertBoundsTest {

  @Test
  void sameFindingTwice_isOneAlertOfTheWorseSeverity() {
    Finding lesser = SampleSnapshots.of(FindingKind.BLIND, "default", null);
    Finding worse = finding(FindingKind.BLIND, "default", null, Severity.CRITICAL, Duration.ZERO);

    assertThat(scan(Alerts.NONE, 0, true, lesser, worse).fired())
        .extracting(Alert::finding)
        .containsExactly(worse);
  }

  @Test
  void worstAlertIsNotifiedFirst() {
    Finding info = finding(FindingKind.OPEN, "a", tcp(1), Severity.INFO, Duration.ZERO);
    Finding warning = finding(FindingKind.OPEN, "b", tcp(2), Severity.WARNING, Duration.ZERO);

    assertThat(scan(Alerts.NONE, 0, true, info, open611(), warning).fired())
        .extracting(Alert::finding)
        .containsExactly(open611(), warning, info);
  }

  @Test
  void flood_leavesPlacesForCriticalAlerts() {
    int places = Alerts.MOST - Alerts.FOR_CRITICAL;
    List<Finding> flood = flood(places + 3_000);

    AlertChanges flooded = scan(Alerts.NONE, at(0), true, flood);
    assertThat(flooded.fired()).hasSize(places);
    assertThat(flooded.after().notFollowed()).isEqualTo(3_000);

    List<Finding> more = new ArrayList<>(flood);
    more.add(open611());
    AlertChanges critical = scan(flooded.after(), at(10), true, more);
    assertThat(critical.fired()).extracting(Alert::finding).containsExactly(open611());
    assertThat(critical.after().notFollowed()).isEqualTo(3_000);
  }

  @Test
  void findingWithoutPlace_isFollowedOnceThereIsOne() {
    List<Finding> flood = flood(Alerts.MOST - Alerts.FOR_CRITICAL + 10);
    Alerts flooded = scan(Alerts.NONE, at(0), true, flood).after();

    AlertChanges later = scan(flooded, at(10), true, flood.subList(10, flood.size()));

    assertThat(later.resolved()).hasSize(10);
    assertThat(later.fired()).hasSize(10);
    assertThat(later.after().notFollowed()).isZero();
  }

  @Test
  void openAndResolvedAlerts_stayWithinTheBound() {
    Alerts alerts = Alerts.NONE;
    for (int round = 0; round < 4; round++) {
      alerts = scan(alerts, at(2L * round), true, flood(6_000 * round, 6_000)).after();
      alerts = scan(alerts, at(2L * round + 1), true, List.of()).after();
      assertThat(alerts.all()).hasSizeLessThanOrEqualTo(Alerts.MOST);
    }
    assertThat(scan(alerts, at(9), true, flood(24_000, 6_000)).fired()).hasSize(6_000);
    assertThat(alerts.resolved().get(Alerts.MOST - 1).endsAt()).isEqualTo(at(7));
  }

  @Test
  void decoysOfAnotherNamespace_makePlaceForTheHost() {
    List<Finding> decoys = decoys("net-7", "/tmp/decoy", Alerts.MOST + 5);
    Alerts full = scan(Alerts.NONE, at(0), true, decoys).after();
    assertThat(full.open()).hasSize(Alerts.MOST);
    assertThat(full.notFollowed()).isEqualTo(5);
    assertThat(full.worstNotFollowed()).hasSize(1);

    List<Finding> more = new ArrayList<>(decoys);
    more.add(open611());
    AlertChanges next = scan(full, at(10), true, more);
    assertThat(next.fired()).extracting(Alert::finding).containsExactly(open611());
    assertThat(next.after().open()).hasSize(Alerts.MOST);
    assertThat(next.after().notFollowed()).isEqualTo(6);
    assertThat(next.resolved()).isEmpty();
    assertThat(scan(next.after(), at(20), true, more).toNotify()).isEmpty();
  }

  @Test
  void decoysOfOneProgram_makePlaceForAnother() {
    List<Finding> all = new ArrayList<>(decoys(Endpoint.HOST, "/tmp/decoy", Alerts.MOST));
    Alerts full = scan(Alerts.NONE, at(0), true, all).after();
    all.addAll(decoys("net-7", "/usr/bin/nc", 1));
    AlertChanges next = scan(full, at(10), true, all);
    assertThat(next.fired())
        .singleElement()
        .extracting(alert -> alert.finding().owners().get(0).executable())
        .hasToString("/usr/bin/nc");
    assertThat(next.after().open()).hasSize(Alerts.MOST);
  }

  @Test
  void manyProgramsOfOneUser_makePlaceForAnotherUser() {
    List<Finding> all = new ArrayList<>();
    for (Finding decoy : decoys(Endpoint.HOST, "/tmp/decoy", Alerts.MOST + 50)) {
      HostText name = HostText.of("/tmp/decoy" + decoy.endpoint().port());
      all.add(ownedBy(decoy, new Owner(7, null, name, null, 100_000L + all.size())));
    }
    Alerts full = scan(Alerts.NONE, at(0), true, all).after();
    assertThat(full.worstNotFollowed()).hasSize(Alerts.MOST_NAMED / 2);
    Finding other = decoys(Endpoint.HOST, "/usr/bin/nc", 1).get(0);
    Finding there = ownedBy(other, new Owner(8, null, HostText.of("/usr/bin/nc"), null, 0L));
    all.set(0, there);
    AlertChanges next = scan(full, at(10), true, all);
    assertThat(next.after().open().get(AlertKey.of(there)).finding()).isEqualTo(there);
    assertThat(next.after().open()).hasSize(Alerts.MOST);
  }

  @Test
  void manyRulesOfOneUser_makePlaceForAnotherUser() {
    List<Finding> all = new ArrayList<>();
    Owner user = new Owner(7, null, HostText.of("/tmp/decoy"), null, 1000L);
    for (Finding decoy : decoys(Endpoint.HOST, "/tmp/decoy", Alerts.MOST)) {
      all.add(ownedBy(decoy, user, "rule-" + decoy.endpoint().port()));
    }
    Alerts full = scan(Alerts.NONE, at(0), true, all).after();
    Finding other = decoys(Endpoint.HOST, "/usr/bin/nc", Alerts.MOST + 1).get(Alerts.MOST);
    Finding there = ownedBy(other, new Owner(8, null, HostText.of("/usr/bin/nc"), null, 0L));
    all.add(there);
    AlertChanges next = scan(full, at(10), true, all);
    assertThat(next.fired()).extracting(Alert::finding).containsExactly(there);
    assertThat(next.after().open()).hasSize(Alerts.MOST);
  }

  private static Finding ownedBy(Finding finding, Owner owner) {
    return ownedBy(finding, owner, finding.rule());
  }

  private static Finding ownedBy(Finding finding, Owner owner, String rule) {
    return Finding.ofEndpoint(
        finding.kind(),
        rule,
        finding.notifySettings(),
        finding.endpoint(),
        finding.message(),
        List.of(owner),
        List.of());
  }

  @Test
  void lesserFinding_takesNoPlaceOfACriticalOne() {
    List<Finding> all = new ArrayList<>(decoys("net-7", "/tmp/decoy", Alerts.MOST));
    Alerts full = scan(Alerts.NONE, at(0), true, all).after();
    all.addAll(flood(1));
    assertThat(scan(full, at(10), true, all).fired()).isEmpty();
  }

  private static List<Finding> decoys(String namespace, String executable, int size) {
    Owner owner = new Owner(7, null, HostText.of(executable), null, 1000L);
    return IntStream.rangeClosed(1, size)
        .mapToObj(port -> new Endpoint(Protocol.TCP, Address.ANY_IPV4, port, namespace))
        .map(
            endpoint ->
                Finding.ofEndpoint(
                    FindingKind.OPEN,
                    "npmp",
                    NotifySettings.of(Severity.CRITICAL),
                    endpoint,
                    endpoint + " is open",
                    List.of(owner),
                    List.of()))
        .toList();
  }

  private static List<Finding> flood(int size) {
    return flood(0, size);
  }

  private static List<Finding> flood(int after, int size) {
    return IntStream.rangeClosed(after + 1, after + size)
        .mapToObj(port -> SampleSnapshots.of(FindingKind.UNLISTED, "default", tcp(port)))
        .toList();
  }
}
