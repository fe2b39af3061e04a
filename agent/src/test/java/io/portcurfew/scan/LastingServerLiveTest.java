package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.AlertKey;
import io.portcurfew.host.Host;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Policy;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real UDP sockets on client ports under a default that denies, over ten minutes of virtual time: a
 * server that stays, and a resolver that asks from another port each time.
 */
@LiveHost
@EnabledOnOs(OS.LINUX)
class LastingServerLiveTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private static final String SCRIPT =
      """
      import threading, time
      def udp():
          s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
          s.bind(('127.0.0.1', 0))
          return s
      server = udp()
      asking, asked = [udp() for _ in range(10)], [0]
      def ask():
          while True:
              asking.append(udp())
              asking.pop(0).close()
              asked[0] += 1
              time.sleep(0.005)
      threading.Thread(target=ask, daemon=True).start()
      print(server.getsockname()[1], flush=True)
      for line in sys.stdin:
          until = asked[0] + 11
          while asked[0] < until: time.sleep(0.005)
          print('other ports', flush=True)
      """;

  @TempDir private Path folder;
  private Duration elapsed = Duration.ofHours(1);

  @Test
  void onlyTheServerIsJudged() throws Exception {
    Requirement.root();
    try (PythonProcess running = PythonProcess.run(SCRIPT);
        Host host =
            new Host(
                HostText.of("web-1"),
                PortRange.LINUX_EPHEMERAL,
                List.of(LinuxSource.ofHost()),
                List.of());
        PipelineFixture pipeline = new PipelineFixture(folder, new Metrics("1"))) {
      ActiveConfig denying = SampleConfigs.active(new Policy(false, List.of()));
      Scan scan = pipeline.scan(host, denying, () -> elapsed);
      Set<Integer> before = new TreeSet<>();
      for (int minute = 0; minute < 10; minute++) {
        scan.run(NOON.plus(Duration.ofMinutes(minute)));
        before.addAll(unlisted(pipeline));
        elapsed = elapsed.plusMinutes(1);
        running.send("ask");
        assertThat(running.line()).isEqualTo("other ports");
      }
      assertThat(before).noneMatch(PortRange.LINUX_EPHEMERAL::contains);
      scan.run(NOON.plus(Duration.ofMinutes(10)));
      assertThat(unlisted(pipeline))
          .filteredOn(PortRange.LINUX_EPHEMERAL::contains)
          .containsExactly(running.word(0));
    }
  }

  /** The UDP ports on this host with an alert of the default. */
  private static Set<Integer> unlisted(PipelineFixture pipeline) {
    return pipeline.alerts().open().keySet().stream()
        .filter(key -> key.kind() == FindingKind.UNLISTED)
        .map(AlertKey::endpoint)
        .filter(Objects::nonNull)
        .filter(at -> at.toString().startsWith("udp 127.0.0.1:"))
        .map(at -> at.port())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
