package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Reason;
import io.portcurfew.host.Host;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flapping alert after the agent or the host was started again. */
class FlappingRestartTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final FakeSource kernel = new FakeSource("sock_diag");
  private final Host host =
      new Host(HostText.of("web-1"), PortRange.LINUX_EPHEMERAL, List.of(kernel), List.of());
  @TempDir private Path folder;
  private PipelineFixture pipeline;
  private Scan scan;

  private void start(Policy policy) {
    pipeline = new PipelineFixture(folder, new Metrics("1"));
    scan = pipeline.scan(host, SampleConfigs.active(policy));
  }

  @AfterEach
  void end() throws Exception {
    pipeline.close();
    host.close();
  }

  private void flap() throws Exception {
    start(SampleConfigs.POLICY);
    for (int second = 0; second < 60; second += 20) {
      kernel.shows(611);
      scan.run(NOON.plusSeconds(second));
      kernel.shows();
      scan.run(NOON.plusSeconds(second + 10));
    }
    assertThat(pipeline.notified()).extracting(Notification::reason).endsWith(Reason.FLAPPING);
    pipeline.close();
  }

  @Test
  void withoutItsRule_itEndsWithTheFirstScan() throws Exception {
    flap();
    Rule rule = SampleConfigs.POLICY.rules().get(0);
    Rule renamed =
        new Rule("another", rule.scope(), rule.expect(), rule.terms(), rule.notifySettings());
    start(new Policy(true, List.of(renamed)));
    scan.run(NOON.plusSeconds(90));
    assertThat(pipeline.alerts().open()).isEmpty();
  }

  /** A host that restarts in a loop is not notified at each start. */
  @Test
  void withItsRule_itGoesOnUntilItIsCalm() throws Exception {
    flap();
    start(SampleConfigs.POLICY);
    scan.run(NOON.plusSeconds(90));
    assertThat(pipeline.alerts().open()).hasSize(1);
    scan.run(NOON.plusSeconds(700));
    assertThat(pipeline.alerts().open()).isEmpty();
  }
}
