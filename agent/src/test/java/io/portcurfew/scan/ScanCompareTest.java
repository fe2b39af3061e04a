package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Reason;
import io.portcurfew.host.Host;
import io.portcurfew.judge.Finding;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.policy.FindingKind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scans beside the comparisons of all sources. */
class ScanCompareTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final FakeSource kernel = new FakeSource("sock_diag");
  private final FakeSource ss = new FakeSource("ss");
  private final Host host =
      new Host(HostText.of("web-1"), PortRange.LINUX_EPHEMERAL, List.of(kernel), List.of(ss));
  @TempDir private Path folder;
  private PipelineFixture pipeline;
  private CrossChecker crossChecker;
  private Scan scan;

  @BeforeEach
  void start() {
    pipeline = new PipelineFixture(folder, new Metrics("1"));
    ActiveConfig active = SampleConfigs.active(SampleConfigs.POLICY);
    crossChecker = pipeline.crossChecker(host, active);
    scan = pipeline.scan(host, crossChecker, active);
  }

  @AfterEach
  void end() throws SQLException {
    pipeline.close();
    host.close();
  }

  private void run(int second) throws InterruptedException {
    scan.run(NOON.plusSeconds(second));
  }

  @Test
  void listenerOfAWitnessOnly_isJudged() throws Exception {
    ss.shows(611);
    crossChecker.run(NOON);
    run(1);
    assertThat(pipeline.notified())
        .extracting(n -> n.alert().finding())
        .extracting(Finding::kind, f -> f.endpoint().port())
        .containsExactlyInAnyOrder(tuple(FindingKind.OPEN, 611), tuple(FindingKind.HIDDEN, 611));
  }

  @Test
  void listenerNotShownByAWitness_isHidden() throws Exception {
    kernel.shows(8080);
    crossChecker.run(NOON);
    run(1);
    assertThat(pipeline.notified())
        .extracting(n -> n.alert().finding().kind())
        .containsExactly(FindingKind.HIDDEN);
    ss.shows(8080);
    crossChecker.run(NOON.plusSeconds(2));
    run(3);
    assertThat(pipeline.notified())
        .extracting(Notification::reason)
        .containsExactly(Reason.FIRST, Reason.RESOLVED);
  }

  private void restart() throws SQLException {
    pipeline.close();
    start();
  }

  @Test
  void hiddenBeforeARestart_goesOnUntilAComparisonHasEnded() throws Exception {
    ss.shows(611);
    crossChecker.run(NOON);
    run(1);
    Alerts before = pipeline.alerts();
    assertThat(before.open()).hasSize(2);
    restart();
    run(2);
    assertThat(pipeline.alerts().open().keySet()).isEqualTo(before.open().keySet());
    crossChecker.compare(NOON.plusSeconds(3), Host.LIMIT);
    run(3);
    crossChecker.run(NOON.plusSeconds(4));
    run(4);
    assertThat(pipeline.alerts().open().values())
        .as("it is still hidden, under the same ids")
        .extracting(Alert::id)
        .containsExactlyElementsOf(before.open().values().stream().map(Alert::id).toList());
  }

  @Test
  void hiddenBeforeARestart_isResolvedByAComparisonThatAgrees() throws Exception {
    ss.shows(611);
    crossChecker.run(NOON);
    run(1);
    restart();
    ss.isBlind();
    crossChecker.run(NOON.plusSeconds(2));
    run(2);
    assertThat(pipeline.alerts().open()).as("nothing was compared").hasSize(2);
    ss.shows();
    crossChecker.run(NOON.plusSeconds(3));
    run(3);
    assertThat(pipeline.alerts().open()).isEmpty();
  }

  /** Gives once it has ended, or what it failed with. */
  private FutureTask<String> inBackground(Step step) {
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              step.run();
              return "ended";
            });
    new Thread(task, "comparison").start();
    return task;
  }

  private interface Step {
    void run() throws InterruptedException;
  }

  @Test
  @Timeout(60)
  void openingDuringTwoComparisons_isNotHidden() throws Exception {
    ss.hangs();
    Step compare = () -> crossChecker.compare(NOON, Host.LIMIT);
    FutureTask<String> one = inBackground(compare);
    FutureTask<String> other = inBackground(compare);
    kernel.awaitEnded(2);
    kernel.shows(8080);
    ss.shows(8080);
    ss.goesOn();
    assertThat(List.of(one.get(), other.get())).containsOnly("ended");
    run(1);
    assertThat(pipeline.notified()).isEmpty();
  }

  @Test
  @Timeout(60)
  void scansGoOnWhileAToolHangs() throws Exception {
    ss.hangs();
    FutureTask<String> comparison = inBackground(() -> crossChecker.run(NOON));
    ss.awaitBegun(1);
    for (int second = 0; second < 100; second++) {
      kernel.shows(second % 2 == 0 ? new int[] {611} : new int[0]);
      run(300 * second);
    }
    assertThat(comparison).as("the tool hangs still").isNotDone();
    assertThat(pipeline.notified()).hasSize(100);
    ss.goesOn();
    assertThat(comparison.get()).isEqualTo("ended");
  }
}
