package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Reason;
import io.portcurfew.host.Host;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A required service that is up for three seconds and down for three, with {@code for: 5s}. */
class CrashLoopTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private static final Rule API =
      new Rule(
          "api",
          new RuleScope(List.of(new PortRange(8443, 8443)), Set.of(Protocol.TCP)),
          Expectation.REQUIRED,
          RuleTerms.NONE,
          new NotifySettings(Severity.WARNING, null, Duration.ofSeconds(5), new TreeMap<>(), null));

  private final FakeSource kernel = new FakeSource("sock_diag");
  private final Host host =
      new Host(HostText.of("web-1"), PortRange.LINUX_EPHEMERAL, List.of(kernel), List.of());
  @TempDir private Path folder;
  private PipelineFixture pipeline;
  private Scan scan;

  @BeforeEach
  void start() {
    pipeline = new PipelineFixture(folder, new Metrics("1"));
    scan = pipeline.scan(host, SampleConfigs.active(new Policy(true, List.of(API))));
  }

  @AfterEach
  void end() throws Exception {
    pipeline.close();
    host.close();
  }

  private void loop(int from, int to, int up, int down) throws InterruptedException {
    for (int second = from; second < to; second++) {
      kernel.shows(second % (up + down) < up ? new int[] {8443} : new int[0]);
      scan.run(NOON.plusSeconds(second));
    }
  }

  private List<Reason> reasons() {
    assertThat(pipeline.notified())
        .extracting(one -> one.alert().finding().kind())
        .containsOnly(FindingKind.MISSING);
    return pipeline.notified().stream().map(Notification::reason).toList();
  }

  @Test
  void crashLoop_isReportedAndFlapsInTheEnd() throws Exception {
    loop(0, 120, 3, 3);
    assertThat(reasons()).startsWith(Reason.FIRST).endsWith(Reason.FLAPPING);
    int sent = reasons().size();
    loop(120, 480, 3, 3);
    assertThat(reasons()).hasSize(sent);
  }

  /** A restart now and then is shorter than the time that the rule allows. */
  @Test
  void restarts_areNotReported() throws Exception {
    loop(0, 600, 57, 3);
    assertThat(pipeline.notified()).isEmpty();
  }
}
