package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Alerts;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.FindingType;
import io.portcurfew.policy.Severity;
import io.portcurfew.store.StoreState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentHealthTest {

  private static final ScanTimes TEN = new ScanTimes.Every(Duration.ofSeconds(10));

  private final AgentHealth health = new AgentHealth(Duration.ZERO);

  private List<FindingType> at(int second, ScanTimes times) {
    return health.and(Duration.ofSeconds(second), times, List.of()).stream()
        .map(Finding::kind)
        .toList();
  }

  private void look(boolean up) {
    SourceReport report = new SourceReport("sock_diag", up, up, 0, 0, Duration.ZERO);
    health.record(List.of(report));
  }

  @Test
  void sourceThatFailsTwice_isDownUntilItLooks() {
    look(false);
    look(false);
    look(false);
    assertThat(at(0, TEN)).as("it never could").isEmpty();
    look(true);
    look(false);
    assertThat(at(10, TEN)).isEmpty();
    look(false);
    assertThat(at(20, TEN)).containsExactly(AgentCondition.SOURCE_DOWN);
    look(true);
    assertThat(at(30, TEN)).isEmpty();
  }

  private static Alerts saved(String message) {
    Finding finding =
        AgentFindings.of(AgentCondition.SOURCE_DOWN, Severity.WARNING, message, List.of());
    Alert alert = new Alert("a1", AlertState.FIRING, finding, Instant.EPOCH, null);
    return new Alerts(new TreeMap<>(Map.of(alert.key(), alert)), List.of(), 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sources that worked before fail now: lsof, sock_diag",
        "cannot look any more, though it could before: sock_diag"
      })
  void sourceThatWasDownBeforeARestart_isDownUntilItWorks(String message) {
    health.continueFrom(saved(message), Set.of("sock_diag", "ss"));
    assertThat(at(0, TEN)).containsExactly(AgentCondition.SOURCE_DOWN);
    look(false);
    assertThat(at(10, TEN)).containsExactly(AgentCondition.SOURCE_DOWN);
    look(true);
    assertThat(at(20, TEN)).isEmpty();
  }

  @Test
  void savedAlertThatIsReadLate_goesOnToo() {
    health.continueFrom(Alerts.NONE, Set.of("sock_diag", "ss"));
    assertThat(at(0, TEN)).isEmpty();
    health.continueFrom(saved("sources that worked before fail now: sock_diag"));
    assertThat(at(10, TEN)).containsExactly(AgentCondition.SOURCE_DOWN);
  }

  @Test
  void savedAlertThatIsReadLate_endsIfTheSourceWorkedMeanwhile() {
    health.continueFrom(Alerts.NONE, Set.of("sock_diag", "ss"));
    look(true);
    health.continueFrom(saved("sources that worked before fail now: sock_diag"));
    assertThat(at(10, TEN)).isEmpty();
  }

  @Test
  void scanThreeIntervalsLate_isReported() {
    assertThat(at(0, TEN)).isEmpty();
    assertThat(at(40, TEN)).isEmpty();
    assertThat(at(81, TEN)).containsExactly(AgentCondition.SCAN_LATE);
    assertThat(at(91, TEN)).isEmpty();
  }

  @Test
  void latenessFollowsTheTimesBeforeTheScan() {
    ScanTimes hourly = new ScanTimes.Every(Duration.ofHours(1));
    assertThat(at(0, hourly)).isEmpty();
    assertThat(at(600, TEN)).as("the reload brought it forward").isEmpty();
    assertThat(at(641, hourly)).containsExactly(AgentCondition.SCAN_LATE);
    assertThat(at(700, TEN)).isEmpty();
  }

  @Test
  void timeBeforeTheStartCounts() {
    AgentHealth killed = new AgentHealth(Duration.ofSeconds(41));
    List<Finding> first = killed.and(Duration.ZERO, TEN, List.of());
    assertThat(first).extracting(Finding::kind).containsExactly(AgentCondition.SCAN_LATE);
    assertThat(first.get(0).message()).contains("since the agent was killed or crashed");
    assertThat(killed.and(Duration.ofSeconds(10), TEN, List.of())).isEmpty();
    assertThat(new AgentHealth(Duration.ofSeconds(40)).and(Duration.ZERO, TEN, List.of()))
        .isEmpty();
  }

  @Test
  void cronExpression_hasNoLateScans() {
    ScanTimes cron = new ScanTimes.Cron("0 0 * * * ?");
    assertThat(at(0, cron)).isEmpty();
    assertThat(at(100_000, cron)).isEmpty();
  }

  @Test
  void eachStoreProblem_isAFinding() {
    StoreState good = new StoreState(null, 0, 0, List.of(), List.of());
    StoreState bad = new StoreState("disk full", 3, 0, List.of("x"), List.of("ops: no"));

    assertThat(AgentFindings.of(good, Alerts.NONE)).isEmpty();
    assertThat(AgentFindings.of(bad, Alerts.NONE))
        .extracting(Finding::kind)
        .containsExactly(
            AgentCondition.STORE_DAMAGED,
            AgentCondition.STORE_NOT_WRITABLE,
            AgentCondition.UNDELIVERED);
    assertThat(AgentFindings.of(bad, Alerts.NONE).get(1).message()).doesNotContain("lost");
    StoreState losing = new StoreState("disk full", 3, 7, List.of(), List.of());
    assertThat(AgentFindings.of(losing, Alerts.NONE).get(0).message())
        .contains("more than that are lost: disk full");
    assertThat(AgentFindings.of(bad, Alerts.NONE)).noneMatch(finding -> finding.kind().isBreach());
  }

  @Test
  void forcedLibraryIsCritical() {
    AgentHealth forced = new AgentHealth(Duration.ZERO, List.of("/tmp/a.so by LD_PRELOAD"));
    assertThat(forced.and(Duration.ZERO, TEN, List.of()))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.kind()).isEqualTo(AgentCondition.LIBRARY_FORCED);
              assertThat(one.severity()).isEqualTo(Severity.CRITICAL);
              assertThat(one.message()).endsWith("/tmp/a.so by LD_PRELOAD");
            });
  }
}
