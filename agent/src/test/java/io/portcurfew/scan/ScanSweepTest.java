package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.host.Host;
import io.portcurfew.judge.Finding;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.observe.sweep.SweepResult;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Policy;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanSweepTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Endpoint TAKEN = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 31337);
  private static final Gap GAP = SweepResult.gap("2 ports not tried");
  private static final ListenerSource SEES_NOTHING =
      new ListenerSource() {
        @Override
        public String name() {
          return "sock_diag";
        }

        @Override
        public View look() {
          return new View("sock_diag", true, List.of(), List.of());
        }
      };

  @TempDir private Path folder;
  private PipelineFixture pipeline;
  private final Metrics metrics = new Metrics("1");
  private final AtomicReference<SweepResult> sweep =
      new AtomicReference<>(
          new SweepResult(262140, List.of(TAKEN), List.of(GAP), Duration.ofMillis(9500)));

  private static ActiveConfig sweeping(boolean wanted) {
    return ActiveConfig.of(
        SampleConfigs.loaded(new Policy(true, List.of())).with(SampleConfigs.with(wanted)));
  }

  @BeforeEach
  void start() {
    pipeline = new PipelineFixture(folder, metrics);
  }

  @AfterEach
  void end() throws SQLException {
    pipeline.close();
  }

  private static Scan.Result afterCrossCheck(CrossChecker crossChecker, Scan scan)
      throws InterruptedException {
    crossChecker.run(NOON);
    scan.run(NOON);
    return Objects.requireNonNull(scan.last());
  }

  private Host host() {
    return new Host(
        HostText.of("web-1"),
        PortRange.LINUX_EPHEMERAL,
        List.of(SEES_NOTHING),
        List.of(),
        (seen, pause) -> sweep.get(),
        Ticker.SYSTEM,
        Threads.SYSTEM,
        List.of());
  }

  @Test
  void findingOfASweep_endsWithTheNextSweep() throws Exception {
    try (Host host = host()) {
      CrossChecker crossChecker = pipeline.crossChecker(host, sweeping(true));
      Scan scan = pipeline.scan(host, crossChecker, sweeping(true));
      Scan.Result found = afterCrossCheck(crossChecker, scan);
      assertThat(found.judged().judgement().findings())
          .extracting(Finding::kind, Finding::endpoint)
          .containsExactly(org.assertj.core.api.Assertions.tuple(FindingKind.HIDDEN, TAKEN));
      assertThat(found.judged().snapshot().gaps()).containsExactly(GAP);
      scan.run(NOON.plusSeconds(10));
      assertThat(pipeline.notified()).hasSize(1);
      assertThat(metrics.scrape(false))
          .contains("portcurfew_source_up{source=\"bind_sweep\"} 1")
          .contains("portcurfew_source_duration_seconds{source=\"bind_sweep\"} 9.5");

      sweep.set(new SweepResult(262140, List.of(), List.of(), Duration.ofSeconds(9)));
      assertThat(afterCrossCheck(crossChecker, scan).judged().judgement().findings()).isEmpty();
      assertThat(pipeline.notified()).hasSize(2);
    }
  }

  @Test
  void withoutSweep_nothingIsReported() throws Exception {
    try (Host host = host()) {
      CrossChecker crossChecker = pipeline.crossChecker(host, sweeping(false));
      Scan scan = pipeline.scan(host, crossChecker, sweeping(false));
      assertThat(afterCrossCheck(crossChecker, scan).judged().snapshot().gaps()).isEmpty();
      assertThat(metrics.scrape(false)).doesNotContain(SweepResult.SOURCE);
    }
  }

  @Test
  void sweptPort_isInDoubtAfterARestart() throws Exception {
    try (Host host = host()) {
      CrossChecker before = pipeline.crossChecker(host, sweeping(true));
      afterCrossCheck(before, pipeline.scan(host, before, sweeping(true)));
      pipeline.close();
      pipeline = new PipelineFixture(folder, metrics);
      CrossChecker crossChecker = pipeline.crossChecker(host, sweeping(true));
      Scan scan = pipeline.scan(host, crossChecker, sweeping(true));
      scan.run(NOON.plusSeconds(10));
      sweep.set(SweepResult.blind("no right", Duration.ZERO));
      afterCrossCheck(crossChecker, scan);
      assertThat(pipeline.alerts().open()).as("no sweep has ended").hasSize(1);

      sweep.set(new SweepResult(262140, List.of(), List.of(), Duration.ofSeconds(9)));
      afterCrossCheck(crossChecker, scan);
      assertThat(pipeline.alerts().open()).isEmpty();
    }
  }

  @Test
  void sweepThatLeftTheConfig_itsSeriesVanish() throws Exception {
    try (Host host = host()) {
      sweep.set(SweepResult.blind("no right", Duration.ZERO));
      CrossChecker crossChecker = pipeline.crossChecker(host, sweeping(true));
      crossChecker.run(NOON);
      assertThat(metrics.scrape(false)).contains("portcurfew_source_up{source=\"bind_sweep\"} 0");
      crossChecker.use(sweeping(false).config());
      assertThat(metrics.scrape(false)).doesNotContain("bind_sweep");
    }
  }
}
