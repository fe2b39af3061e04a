package io.portcurfew.alert;

import static io.portcurfew.alert.SampleSnapshots.NPMP;
import static io.portcurfew.alert.SampleSnapshots.at;
import static io.portcurfew.alert.SampleSnapshots.finding;
import static io.portcurfew.alert.SampleSnapshots.look;
import static io.portcurfew.alert.SampleSnapshots.open611;
import static io.portcurfew.alert.SampleSnapshots.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
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
  void aFindingThatNeedNotHoldFiresAtFirstSight() {
    AlertChanges changes = look(Alerts.NONE, 0, true, open611());

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
  void aFindingOfAnIncompleteLookFiresToo() {
    assertThat(look(Alerts.NONE, 0, false, open611()).fired()).hasSize(1);
  }

  @Test
  void whatIsSeenAgainTellsNobodyAndTakesTheLatestWords() {
    AlertChanges first = look(Alerts.NONE, 0, true, open611());
    Finding later = withOwner(open611(), 4712);

    AlertChanges second = look(first.after(), 10, true, later);

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
  void whatBecomesWorseIsToldAgainOnceAndWhatBecomesLessIsNot() {
    Alerts book = look(Alerts.NONE, 0, true, as(Severity.WARNING)).after();
    AlertChanges worse = look(book, 10, true, as(Severity.CRITICAL));
    AlertChanges same = look(worse.after(), 20, true, as(Severity.CRITICAL));
    AlertChanges less = look(same.after(), 30, true, as(Severity.INFO));
    AlertChanges again = look(less.after(), 40, true, as(Severity.CRITICAL));

    assertThat(worse.told())
        .extracting(AlertChanges.Change::reason)
        .containsExactly(Reason.REPEATED);
    assertThat(List.of(same, less, again)).allMatch(each -> each.told().isEmpty());
  }

  private static Finding as(Severity severity) {
    return finding(FindingKind.OPEN, "npmp-gui", NPMP, severity, Duration.ZERO);
  }

  @Test
  void anAlertIsOverWhenACompleteLookDoesNotSeeIt() {
    AlertChanges first = look(Alerts.NONE, 0, true, open611());

    AlertChanges second = look(first.after(), 10, true);

    assertThat(second.resolved())
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.id()).isEqualTo(first.fired().get(0).id());
              assertThat(alert.state()).isEqualTo(AlertState.RESOLVED);
              assertThat(alert.finding()).isEqualTo(open611());
              assertThat(alert.endsAt()).isEqualTo(at(10));
            });
    assertThat(second.after().open()).isEmpty();
    assertThat(look(second.after(), 20, true).resolved()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "POLICY_NOT_LOADED",
        "SOURCE_DOWN",
        "SCAN_LATE",
        "STORE_DAMAGED",
        "STORE_NOT_WRITABLE",
        "UNDELIVERED",
        "HEARTBEAT",
        "TEST"
      },
      mode = EnumSource.Mode.EXCLUDE)
  void aBlindSnapshotClosesNothing(FindingKind kind) {
    Alerts before = look(Alerts.NONE, 0, true, SampleSnapshots.of(kind, "rule", NPMP)).after();

    AlertChanges blind = look(before, 10, false);

    assertThat(blind.resolved()).isEmpty();
    assertThat(blind.after().open()).isEqualTo(before.open());
    assertThat(look(blind.after(), 20, true).resolved()).hasSize(1);
  }

  @Test
  void aPolicyThatCanBeLoadedAgainIsOverWhateverTheLookShows() {
    Finding notLoaded = SampleSnapshots.of(FindingKind.POLICY_NOT_LOADED, "default", null);
    Alerts before = look(Alerts.NONE, 0, false, notLoaded).after();
    assertThat(look(before, 10, false, notLoaded).resolved()).isEmpty();
    assertThat(look(before, 10, false).resolved()).hasSize(1);
  }

  /** What is seen in place of the alert, in a look that was complete. */
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
  void anAlertIsNotOverWhileTheSameThingCannotBeSeen(
      FindingKind kind, FindingKind then, String rule, String where, boolean over) {
    Endpoint endpoint =
        switch (where) {
          case "same" -> NPMP;
          case "other" -> tcp(612);
          default -> null;
        };
    Alerts before = look(Alerts.NONE, 0, true, SampleSnapshots.of(kind, "rule", NPMP)).after();

    AlertChanges changes = look(before, 10, true, SampleSnapshots.of(then, rule, endpoint));

    assertThat(changes.resolved()).hasSize(over ? 1 : 0);
  }

  @Test
  void aMissingListenerFiresOnlyWhenItIsStillMissingAfterItsTime() {
    Finding missing = missing();
    AlertChanges first = look(Alerts.NONE, 0, true, missing);
    AlertChanges early = look(first.after(), 29, true, missing);
    AlertChanges late = look(early.after(), 30, true, missing);

    assertThat(first.fired()).isEmpty();
    assertThat(first.after().all()).extracting(Alert::state).containsExactly(AlertState.PENDING);
    assertThat(early.fired()).isEmpty();
    assertThat(late.fired()).extracting(Alert::startsAt).containsExactly(at(0));
    assertThat(look(late.after(), 40, true, missing).fired()).isEmpty();
  }

  @Test
  void aPendingAlertThatIsOverIsDroppedWithoutAWord() {
    Alerts before = look(Alerts.NONE, 0, true, missing()).after();

    AlertChanges changes = look(before, 10, true);

    assertThat(changes.resolved()).isEmpty();
    assertThat(changes.after().all()).isEmpty();
    AlertChanges again = look(changes.after(), 35, true, missing());
    assertThat(again.fired()).isEmpty();
  }

  @Test
  void aPendingAlertWaitsThroughABlindLookAndFiresOnlyWhenSeen() {
    Alerts before = look(Alerts.NONE, 0, true, missing()).after();

    AlertChanges blind = look(before, 60, false);

    assertThat(blind.fired()).isEmpty();
    assertThat(look(blind.after(), 70, true, missing()).fired()).hasSize(1);
  }

  @Test
  void whatOpensAgainIsANewAlert() {
    AlertChanges first = look(Alerts.NONE, 0, true, open611());
    AlertChanges closed = look(first.after(), 10, true);

    AlertChanges again = look(closed.after(), 20, true, open611());

    assertThat(again.fired()).hasSize(1);
    assertThat(again.fired().get(0).id()).isNotEqualTo(first.fired().get(0).id());
    assertThat(again.after().all()).hasSize(2);
  }

  @Test
  void whatOpensAgainAtTheSameInstantIsANewAlertToo() {
    Alerts book = Alerts.NONE;
    List<String> ids = new ArrayList<>();
    for (int life = 0; life < 3; life++) {
      AlertChanges opened = look(book, 0, true, open611());
      opened.fired().forEach(alert -> ids.add(alert.id()));
      book = look(opened.after(), 0, true).after();
    }
    assertThat(ids).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void twoHostsNeverGiveTheSameId() {
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
  void aClockThatGoesBackEndsNothingBeforeItBegan() {
    Alerts before = look(Alerts.NONE, 1000, true, open611()).after();

    AlertChanges changes = look(before, 0, true);

    assertThat(changes.resolved()).extracting(Alert::endsAt).containsExactly(at(1000));
  }

  @Test
  void aClockThatGoesBackLetsAPendingAlertHoldFromThen() {
    Alerts before = look(Alerts.NONE, 1000, true, missing()).after();

    AlertChanges back = look(before, 0, true, missing());
    AlertChanges held = look(back.after(), 30, true, missing());

    assertThat(back.fired()).isEmpty();
    assertThat(held.fired()).extracting(Alert::startsAt).containsExactly(at(0));
  }

  @ParameterizedTest
  @ValueSource(longs = {901, -901})
  void aResolvedAlertIsShownForAQuarterOfAnHour(long later) {
    Alerts over = look(look(Alerts.NONE, 0, true, open611()).after(), 0, true).after();

    assertThat(look(over, later - Long.signum(later), true).after().resolved()).hasSize(1);
    assertThat(look(over, later, true).after().resolved()).isEmpty();
  }

  private static Finding missing() {
    return finding(FindingKind.MISSING, "ssh", tcp(22), Severity.WARNING, RESTART);
  }

  private static Finding withOwner(Finding of, int pid) {
    return new Finding(
        of.kind(),
        of.rule(),
        of.telling(),
        of.endpoint(),
        "held by pid " + pid,
        List.of(Owner.of(pid)),
        of.evidence());
  }
}
