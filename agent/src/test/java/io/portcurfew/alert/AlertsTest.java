package io.portcurfew.alert;

import static io.portcurfew.alert.SampleSnapshots.NPMP;
import static io.portcurfew.alert.SampleSnapshots.at;
import static io.portcurfew.alert.SampleSnapshots.finding;
import static io.portcurfew.alert.SampleSnapshots.open611;
import static io.portcurfew.alert.SampleSnapshots.scan;
import static io.portcurfew.alert.SampleSnapshots.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertsTest {

  private static final Duration RESTART = Duration.ofSeconds(30);

  @Test
  void findingWithoutHoldTime_firesAtOnce() {
    AlertChanges changes = scan(Alerts.NONE, 0, true, open611());

    assertThat(changes.fired())
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.state()).isEqualTo(AlertState.FIRING);
              assertThat(alert.startsAt()).isEqualTo(at(0));
              assertThat(alert.endsAt()).isNull();
            });
    assertThat(changes.after().all()).isEqualTo(changes.fired());
    assertThat(changes.resolved()).isEmpty();
  }

  @Test
  void findingOfAnIncompleteScan_fires() {
    assertThat(scan(Alerts.NONE, 0, false, open611()).fired()).hasSize(1);
  }

  @Test
  void seenAgain_takesTheLatestFindingWithoutNotification() {
    AlertChanges first = scan(Alerts.NONE, 0, true, open611());
    Finding later = withOwner(open611(), 4712);

    AlertChanges second = scan(first.after(), 10, true, later);

    assertThat(second.fired()).isEmpty();
    assertThat(second.resolved()).isEmpty();
    assertThat(second.after().all())
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.id()).isEqualTo(first.fired().get(0).id());
              assertThat(alert.startsAt()).isEqualTo(at(0));
              assertThat(alert.finding()).isEqualTo(later);
            });
  }

  @Test
  void severityRises_isRepeatedOnce_severityFalls_isNot() {
    Alerts alerts = scan(Alerts.NONE, 0, true, as(Severity.WARNING)).after();
    AlertChanges worse = scan(alerts, 10, true, as(Severity.CRITICAL));
    AlertChanges same = scan(worse.after(), 20, true, as(Severity.CRITICAL));
    AlertChanges less = scan(same.after(), 30, true, as(Severity.INFO));
    AlertChanges again = scan(less.after(), 40, true, as(Severity.CRITICAL));

    assertThat(worse.toNotify())
        .extracting(AlertChanges.Change::reason)
        .containsExactly(Reason.REPEATED);
    assertThat(List.of(same, less, again)).allMatch(each -> each.toNotify().isEmpty());
  }

  private static Finding as(Severity severity) {
    return finding(FindingKind.OPEN, "npmp-gui", NPMP, severity, Duration.ZERO);
  }

  @Test
  void completeScanWithoutFinding_resolves() {
    AlertChanges first = scan(Alerts.NONE, 0, true, open611());

    AlertChanges second = scan(first.after(), 10, true);

    assertThat(second.resolved())
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.id()).isEqualTo(first.fired().get(0).id());
              assertThat(alert.state()).isEqualTo(AlertState.RESOLVED);
              assertThat(alert.finding().message())
                  .isEqualTo("tcp 127.0.0.1:611 is closed again (open for 10 s)");
              assertThat(alert.finding().owners()).isEqualTo(open611().owners());
              assertThat(alert.endsAt()).isEqualTo(at(10));
            });
    assertThat(second.after().open()).isEmpty();
    assertThat(scan(second.after(), 20, true).resolved()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void blindSnapshot_resolvesNothing(FindingKind kind) {
    Alerts before = scan(Alerts.NONE, 0, true, SampleSnapshots.of(kind, "rule", NPMP)).after();

    AlertChanges blind = scan(before, 10, false);

    assertThat(blind.resolved()).isEmpty();
    assertThat(blind.after().open()).isEqualTo(before.open());
    assertThat(scan(blind.after(), 20, true).resolved()).hasSize(1);
  }

  @Test
  void agentFinding_resolvesOnAnIncompleteScan() {
    Finding notLoaded = SampleSnapshots.of(AgentCondition.POLICY_NOT_LOADED, "default", null);
    Alerts before = scan(Alerts.NONE, 0, false, notLoaded).after();
    assertThat(scan(before, 10, false, notLoaded).resolved()).isEmpty();
    assertThat(scan(before, 10, false).resolved()).hasSize(1);
  }

  /** The findings of a complete scan in place of the alert. */
  @ParameterizedTest(name = "{0}, then {1} of {2} at {3}: over {4}")
  @CsvSource({
    "WRONG_OWNER,   OWNER_UNKNOWN, rule,    same,  false",
    "WRONG_OWNER,   OWNER_UNKNOWN, rule,    other, true",
    "WRONG_OWNER,   OWNER_UNKNOWN, another, same,  true",
    "WRONG_OWNER,   BLIND,         rule,    same,  false",
    "WRONG_OWNER,   EXPOSED,       rule,    same,  true",
    "OPEN,          OWNER_UNKNOWN, rule,    same,  true",
    "OPEN,          BLIND,         rule,    same,  false",
    "OPEN,          BLIND,         rule,    host,  false",
    "OPEN,          BLIND,         rule,    other, true",
    "OPEN,          BLIND,         another, host,  true",
    "OPEN,          BLIND,         default, other, true",
    "HIDDEN,        BLIND,         rule,    host,  false",
    "OWNER_UNKNOWN, WRONG_OWNER,   rule,    same,  true",
    "OWNER_UNKNOWN, BLIND,         rule,    same,  false",
    "BLIND,         BLIND,         default, host,  true",
    "BLIND,         OWNER_UNKNOWN, rule,    same,  true",
  })
  void subjectNotVisible_alertStays(
      FindingKind kind, FindingKind then, String rule, String where, boolean over) {
    Endpoint endpoint =
        switch (where) {
          case "same" -> NPMP;
          case "other" -> tcp(612);
          default -> null;
        };
    Alerts before = scan(Alerts.NONE, 0, true, SampleSnapshots.of(kind, "rule", NPMP)).after();

    AlertChanges changes = scan(before, 10, true, SampleSnapshots.of(then, rule, endpoint));

    assertThat(changes.resolved()).hasSize(over ? 1 : 0);
  }

  @Test
  void missingListener_firesOnlyAfterItsHoldTime() {
    Finding missing = missing();
    AlertChanges first = scan(Alerts.NONE, 0, true, missing);
    AlertChanges early = scan(first.after(), 29, true, missing);
    AlertChanges late = scan(early.after(), 30, true, missing);

    assertThat(first.fired()).isEmpty();
    assertThat(first.after().all()).extracting(Alert::state).containsExactly(AlertState.PENDING);
    assertThat(early.fired()).isEmpty();
    assertThat(late.fired()).extracting(Alert::startsAt).containsExactly(at(0));
    assertThat(scan(late.after(), 40, true, missing).fired()).isEmpty();
  }

  @Test
  void pendingAlertEnds_isDroppedWithoutNotification() {
    Alerts before = scan(Alerts.NONE, 0, true, missing()).after();

    Alerts paused = scan(before, 10, true).after();
    assertThat(paused.all()).extracting(Alert::state).containsExactly(AlertState.PENDING);
    AlertChanges changes = scan(paused, 40, true);

    assertThat(changes.resolved()).isEmpty();
    assertThat(changes.after().all()).isEmpty();
    AlertChanges again = scan(changes.after(), 65, true, missing());
    assertThat(again.fired()).isEmpty();
  }

  @Test
  void pendingAlert_waitsThroughABlindScan() {
    Alerts before = scan(Alerts.NONE, 0, true, missing()).after();

    AlertChanges blind = scan(before, 60, false);

    assertThat(blind.fired()).isEmpty();
    assertThat(scan(blind.after(), 70, true, missing()).fired()).hasSize(1);
  }

  @Test
  void opensAgain_isANewAlert() {
    AlertChanges first = scan(Alerts.NONE, 0, true, open611());
    AlertChanges closed = scan(first.after(), 10, true);

    AlertChanges again = scan(closed.after(), 20, true, open611());

    assertThat(again.fired()).hasSize(1);
    assertThat(again.fired().get(0).id()).isNotEqualTo(first.fired().get(0).id());
    assertThat(again.after().all()).hasSize(2);
  }

  @Test
  void opensAgainAtTheSameInstant_isANewAlert() {
    Alerts alerts = Alerts.NONE;
    List<String> ids = new ArrayList<>();
    for (int life = 0; life < 3; life++) {
      AlertChanges opened = scan(alerts, 0, true, open611());
      opened.fired().forEach(alert -> ids.add(alert.id()));
      alerts = scan(opened.after(), 0, true).after();
    }
    assertThat(ids).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void twoHosts_neverGiveTheSameId() {
    Judgement judgement = new Judgement(Map.of(), List.of(open611()), Map.of(), true);

    assertThat(List.of("web-1", "web-2"))
        .extracting(
            host ->
                Alerts.NONE
                    .update(
                        judgement,
                        SampleSnapshots.snapshot(host, at(0), true),
                        at(0),
                        SampleSnapshots.DAY)
                    .fired()
                    .get(0)
                    .id())
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[0-9a-f]{16}"));
  }

  @Test
  void clockStepsBack_nothingEndsBeforeItsStart() {
    Alerts before = scan(Alerts.NONE, 1000, true, open611()).after();

    AlertChanges changes = scan(before, 0, true);

    assertThat(changes.resolved()).extracting(Alert::endsAt).containsExactly(at(1000));
  }

  @Test
  void clockStepsBack_pendingAlertHoldsFromThen() {
    Alerts before = scan(Alerts.NONE, 1000, true, missing()).after();

    AlertChanges back = scan(before, 0, true, missing());
    AlertChanges held = scan(back.after(), 30, true, missing());

    assertThat(back.fired()).isEmpty();
    assertThat(held.fired()).extracting(Alert::startsAt).containsExactly(at(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {901, -901})
  void resolvedAlert_isVisibleFor15Minutes(long later) {
    Alerts over = scan(scan(Alerts.NONE, 0, true, open611()).after(), 0, true).after();

    assertThat(scan(over, later - Long.signum(later), true).after().resolved()).hasSize(1);
    assertThat(scan(over, later, true).after().resolved()).isEmpty();
  }

  private static Finding missing() {
    return finding(FindingKind.MISSING, "ssh", tcp(22), Severity.WARNING, RESTART);
  }

  private static Finding withOwner(Finding of, int pid) {
    return Finding.ofEndpoint(
        of.kind(),
        of.rule(),
        of.notifySettings(),
        of.endpoint(),
        "held by pid " + pid,
        List.of(Owner.of(pid)),
        of.evidence());
  }
}
