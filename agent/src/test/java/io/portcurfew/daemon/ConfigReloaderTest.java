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
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.Policy;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.PipelineFixture;
import io.portcurfew.scan.SampleConfigs;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.ReloadRequests;
import io.portcurfew.web.access.WebAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReloaderTest {

  private static final Policy STRICT = new Policy(false, List.of());
  private static final Problem PROBLEM =
      new Problem("p.yaml", 1, 2, null, "this is wrong", "x", "y", null);

  @TempDir private Path folder;
  private final List<ConfigChange> changes = new ArrayList<>();
  private int reads;
  private int failures;
  private Duration now = Duration.ZERO;
  private Path file;
  private LoadAttempt next;
  private Scan scan;
  private PipelineFixture pipeline;
  private ConfigReloader reload;

  @BeforeEach
  void start() throws Exception {
    file = Files.writeString(folder.resolve("p.yaml"), "one");
    LoadedConfig loaded =
        SampleConfigs.loaded(new Policy(true, List.of()))
            .with(SampleConfigs.with(SampleConfigs.CONFIG.scan(), List.of(), folder));
    Host host = new Host(HostText.of("web-1"), PortRange.LINUX_EPHEMERAL, List.of(), List.of());
    pipeline = new PipelineFixture(folder, new Metrics("1"));
    scan = pipeline.scan(host, ActiveConfig.of(loaded));
    reload =
        new ConfigReloader(
            this::read,
            stamps(),
            scan,
            List.of(changes::add, this::fail, change -> scan.use(change.after())),
            (what, how) -> {},
            () -> now);
  }

  @AfterEach
  void end() throws SQLException {
    pipeline.close();
  }

  private FileStamps stamps() {
    return new FileStamps(Map.of(file, "")).again();
  }

  /** A part that fails as often as the test says, for valid files. */
  private void fail(ConfigChange change) {
    if (change.isValid() && failures > 0) {
      failures--;
      throw new OutOfMemoryError("no thread");
    }
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
        new LoadedConfig(
            config, STRICT, PolicyOrigin.named("p.yaml", "ba9876543210"), WebAccess.OPEN));
  }

  @Test
  void changedFile_isReadAtTheSecondRun() throws Exception {
    assertThat(reload.run()).isEmpty();
    assertThat(reads).isZero();
    Files.writeString(file, "another");
    holds(good(SampleConfigs.with(SampleConfigs.CONFIG.scan(), List.of(), folder)));
    assertThat(reload.run()).isEmpty();
    assertThat(reads).isZero();
    assertThat(reload.run()).isPresent();
    assertThat(reload.run()).isEmpty();
    assertThat(reads).isEqualTo(1);
    assertThat(scan.active().policy()).isEqualTo(STRICT);
    assertThat(changes).hasSize(1);
  }

  @Test
  void invalidFilesChangeNothingUntilTheyAreValid() {
    ActiveConfig before = scan.active();
    holds(new ReadResult.Bad<>(List.of(PROBLEM)));
    reload.request();
    ConfigChange rejected = reload.run().orElseThrow();
    assertThat(rejected.isValid()).isFalse();
    assertThat(rejected.scanTimes()).isEmpty();
    assertThat(scan.active().loaded()).isEqualTo(before.loaded());
    Finding notLoaded = scan.active().notLoaded();
    assertThat(notLoaded.kind()).isEqualTo(AgentCondition.POLICY_NOT_LOADED);
    assertThat(notLoaded.message())
        .isEqualTo(
            "the changed policy or config is invalid; the previous one stays active:"
                + " 1 problem: p.yaml:1:2: this is wrong. Found: x. Expected: y.");
    assertThat(notLoaded.evidence()).containsExactly(PROBLEM.toString());

    holds(good(before.config()));
    reload.request();
    assertThat(reload.run().orElseThrow().isValid()).isTrue();
    assertThat(scan.active().notLoaded()).isNull();
    assertThat(changes).extracting(ConfigChange::isValid).containsExactly(false, true);
  }

  @Test
  void change_hasNewTimesAndOldRestartOnlySettings() {
    ScanTimes often = new ScanTimes.Every(Duration.ofMillis(50));
    holds(good(SampleConfigs.with(often, List.of(), Path.of("/srv/elsewhere"))));
    reload.request();
    ConfigChange change = reload.run().orElseThrow();
    assertThat(change.scanTimes()).contains(often);
    assertThat(change.crossCheckInterval()).isEmpty();
    assertThat(scan.active().config().state()).isEqualTo(folder);
    assertThat(scan.active().config().scan()).isEqualTo(often);
  }

  @Test
  void aRequestIsAnsweredWithEveryLine() throws IOException {
    ReloadRequests box = new ReloadRequests(folder);
    String request = box.ask();
    holds(good(SampleConfigs.CONFIG));
    reload.run();
    assertThat(box.answered(request))
        .contains(
            new ReloadRequests.Answer(
                true,
                List.of(
                    "policy p.yaml with 0 rules is active, digest ba9876543210",
                    "state: this change needs a restart. Found: /var/lib/portcurfew."
                        + " Active: "
                        + folder
                        + ".")));
    String again = box.ask();
    holds(new ReadResult.Bad<>(List.of(PROBLEM)));
    reload.run();
    assertThat(box.answered(again))
        .contains(new ReloadRequests.Answer(false, List.of(PROBLEM.toString())));
  }

  @Test
  void failingPart_leavesThePreviousConfigEverywhere() throws IOException {
    ActiveConfig before = scan.active();
    ReloadRequests box = new ReloadRequests(folder);
    String request = box.ask();
    failures = 1;
    holds(good(SampleConfigs.with(SampleConfigs.CONFIG.scan(), List.of(), folder)));
    assertThat(reload.run().orElseThrow().isValid()).isFalse();
    assertThat(scan.active().loaded()).isEqualTo(before.loaded());
    assertThat(scan.active().notLoaded().message())
        .contains("failed to use it")
        .doesNotContain("java.");
    assertThat(changes).extracting(ConfigChange::isValid).containsExactly(true, true, false);
    assertThat(changes.get(1).after().loaded()).isEqualTo(before.loaded());
    assertThat(box.answered(request)).hasValueSatisfying(one -> assertThat(one.good()).isFalse());
  }

  @Test
  void failedChange_isTriedAgainAfterAMinute() {
    failures = 1;
    holds(good(SampleConfigs.with(SampleConfigs.CONFIG.scan(), List.of(), folder)));
    reload.request();
    reload.run();
    now = ConfigReloader.RETRY_AFTER.minusMillis(1);
    assertThat(reload.run()).isEmpty();
    now = ConfigReloader.RETRY_AFTER;
    assertThat(reload.run().orElseThrow().isValid()).isTrue();
    assertThat(scan.active().policy()).isEqualTo(STRICT);
    assertThat(scan.active().notLoaded()).isNull();
    now = now.plusSeconds(600);
    assertThat(reload.run()).isEmpty();
  }

  @Test
  void partThatFailsTwice_getsThePreviousConfigBack() {
    failures = 2;
    holds(good(SampleConfigs.with(SampleConfigs.CONFIG.scan(), List.of(), folder)));
    reload.request();
    assertThat(reload.run().orElseThrow().isValid()).isFalse();
    assertThat(scan.active().notLoaded()).isNotNull();
  }
}
