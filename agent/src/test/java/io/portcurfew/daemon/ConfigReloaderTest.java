package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.policy.PolicyOrigin;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.host.Host;
import io.portcurfew.judge.Finding;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Policy;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.InMemoryPipeline;
import io.portcurfew.scan.SampleConfigs;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.ReloadRequests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReloaderTest {

  private static final Policy STRICT = new Policy(false, List.of());
  private static final Problem PROBLEM =
      new Problem("p.yaml", 1, 2, null, "this is wrong", "x", "y", null);

  @TempDir private Path folder;
  private final Metrics metrics = new Metrics("1");
  private final List<AgentConfig> receivers = new ArrayList<>();
  private final Semaphore scans = new Semaphore(0);
  private int reads;
  private Path file;
  private LoadAttempt next;
  private Scan scan;
  private JobScheduler schedule;
  private ConfigReloader reload;

  @BeforeEach
  void start() throws Exception {
    file = Files.writeString(folder.resolve("p.yaml"), "one");
    LoadedConfig loaded =
        SampleConfigs.loaded(new Policy(true, List.of()))
            .with(SampleConfigs.with(SampleConfigs.CONFIG.scan(), List.of(), folder));
    Host host = new Host(HostText.of("web-1"), PortRange.LINUX_EPHEMERAL, List.of(), List.of());
    scan = new Scan(host, ActiveConfig.of(loaded), new InMemoryPipeline(), metrics);
    schedule =
        JobScheduler.start(
            SampleConfigs.CONFIG.scan(), Duration.ofHours(1), scans::release, () -> {}, n -> {});
    new Thread(schedule::run, "schedule").start();
    assertThat(scans.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    schedule.repeat(ConfigReloader.JOB, Duration.ofHours(1), () -> {});
    reload =
        new ConfigReloader(
            this::read, stamps(), scan, schedule, metrics, receivers::add, (what, how) -> {});
  }

  @AfterEach
  void end() {
    schedule.close();
  }

  private FileStamps stamps() {
    return new FileStamps(Map.of(file, "")).again();
  }

  private LoadAttempt read() {
    reads++;
    return next;
  }

  private void holds(ReadResult<LoadedConfig> read) {
    next = new LoadAttempt(read, stamps());
  }

  private static ReadResult<LoadedConfig> good(AgentConfig config) {
    return new ReadResult.Good<>(
        new LoadedConfig(config, STRICT, PolicyOrigin.named("p.yaml", "ba9876543210")));
  }

  private boolean shows(String metric) {
    return metrics.scrape(false).contains(metric);
  }

  @Test
  void aChangedFileIsReadAtTheSecondLookAndAScanFollows() throws Exception {
    reload.run();
    assertThat(reads).isZero();
    Files.writeString(file, "another");
    holds(good(SampleConfigs.with(SampleConfigs.CONFIG.scan(), List.of(), folder)));
    reload.run();
    assertThat(reads).isZero();
    reload.run();
    reload.run();
    assertThat(reads).isEqualTo(1);
    assertThat(scan.inForce().policy()).isEqualTo(STRICT);
    assertThat(shows("portcurfew_policy_info{digest=\"ba9876543210\"} 1")).isTrue();
    assertThat(receivers).hasSize(1);
    assertThat(scans.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nothingOfBadFilesIsTakenAndGoodOnesAreTheEndOfIt() {
    ActiveConfig before = scan.inForce();
    holds(new ReadResult.Bad<>(List.of(PROBLEM)));
    reload.ask();
    reload.run();
    assertThat(scan.inForce().loaded()).isEqualTo(before.loaded());
    assertThat(receivers).isEmpty();
    Finding notLoaded = scan.inForce().notLoaded();
    assertThat(notLoaded.kind()).isEqualTo(FindingKind.POLICY_NOT_LOADED);
    assertThat(notLoaded.message())
        .isEqualTo(
            "the changed policy or config is not loaded and the one before stays in force:"
                + " 1 problem: p.yaml:1:2: this is wrong. Found: x. Expected: y.");
    assertThat(notLoaded.evidence()).containsExactly(PROBLEM.toString());
    assertThat(shows("portcurfew_config_last_reload_successful 0.0")).isTrue();

    holds(good(before.config()));
    reload.ask();
    reload.run();
    assertThat(scan.inForce().notLoaded()).isNull();
    assertThat(shows("portcurfew_config_last_reload_successful 1.0")).isTrue();
  }

  @Test
  void otherTimesHoldAndWhatTakesARestartStays() throws Exception {
    ScanTimes often = new ScanTimes.Every(Duration.ofMillis(50));
    holds(good(SampleConfigs.with(often, List.of(), Path.of("/srv/elsewhere"))));
    reload.ask();
    reload.run();
    assertThat(scans.tryAcquire(5, 20, TimeUnit.SECONDS)).isTrue();
    assertThat(scan.inForce().config().state()).isEqualTo(folder);
    assertThat(scan.inForce().config().scan()).isEqualTo(often);
  }

  @Test
  void whoAsksIsAnsweredWithEveryLine() throws IOException {
    ReloadRequests box = new ReloadRequests(folder);
    String request = box.ask();
    holds(good(SampleConfigs.CONFIG));
    reload.run();
    assertThat(box.answered(request))
        .contains(
            new ReloadRequests.Answer(
                true,
                List.of(
                    "policy p.yaml with 0 rules is in force, digest ba9876543210",
                    "state: a change of this takes a restart. Found: /var/lib/portcurfew."
                        + " In force: "
                        + folder
                        + ".")));
    String again = box.ask();
    holds(new ReadResult.Bad<>(List.of(PROBLEM)));
    reload.run();
    assertThat(box.answered(again))
        .contains(new ReloadRequests.Answer(false, List.of(PROBLEM.toString())));
  }
}
