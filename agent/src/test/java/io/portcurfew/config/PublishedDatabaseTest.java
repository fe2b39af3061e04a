package io.portcurfew.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.policy.PolicyFiles;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.container.EngineFolders;
import io.portcurfew.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A database that Docker publishes by a redirect alone, judged by the shipped pack. */
@EnabledOnOs(OS.LINUX)
class PublishedDatabaseTest {

  private static final String PORTS =
      "\"Ports\":{\"6379/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"6379\"}]}";

  @TempDir private Path root;

  private static Policy exposurePack() throws Exception {
    Path folder = Examples.SHIPPED.resolve("policies");
    String text = "version: 1\ndefault: allow\ninclude: [exposure.yaml]\nrules: []\n";
    ReadResult<PolicyFiles.ReadPolicy> read =
        PolicyFiles.read("policy.yaml", folder, text.getBytes(UTF_8));
    return ((ReadResult.Good<PolicyFiles.ReadPolicy>) read).value().policy();
  }

  @Test
  void publishedDatabaseIsExposedWithItsNames() throws Exception {
    Files.createDirectories(root.resolve("proc/net"));
    new EngineFolders(root)
        .docker("var/lib/docker", "/shop-redis-1", PORTS)
        .process(4711, "/system.slice/docker-" + EngineFolders.ID + ".scope");
    View view;
    try (LinuxSource source = LinuxSource.ofCaptured(root)) {
      view = source.look();
    }
    Snapshot snapshot = PlainSnapshots.of(Instant.EPOCH, view);
    List<Finding> findings =
        Judge.judge(exposurePack(), snapshot, List.of()).findings().stream()
            .filter(finding -> finding.rule().equals("redis"))
            .toList();
    assertThat(findings).extracting(finding -> finding.kind().label()).contains("exposed");
    assertThat(findings.get(0).message())
        .contains("via docker shop-redis-1 -> 172.17.0.2:6379")
        .contains("image nginx:1.27, project shop, service web");
  }
}
