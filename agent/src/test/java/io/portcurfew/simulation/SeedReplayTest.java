package io.portcurfew.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.tags.HeavyLoad;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A seed does the same in every JVM, so that a failure can be run again. */
@HeavyLoad
@Timeout(300)
class SeedReplayTest {

  private static final int SEEDS = 4;

  @TempDir private Path folder;

  @Test
  void seedReplaysInAnotherVirtualMachine() throws Exception {
    // Another compiler, so that the machines differ in speed too.
    String one = output("-XX:TieredStopAtLevel=1");
    String other = output("-Xint");
    assertThat(one.lines()).hasSize(SEEDS + 1);
    assertThat(other).isEqualTo(one);
  }

  @Test
  void otherSeed_hasAnotherDigest() {
    SeedRunner runner = new SeedRunner(folder);
    assertThat(runner.failureOf(1, 1)).isNull();
    String digest = runner.digest();
    assertThat(runner.failureOf(2, 1)).isNull();
    assertThat(runner.digest()).isNotEqualTo(digest);
  }

  private String output(String option) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    option,
                    "-XX:+UseSerialGC",
                    "-Djava.io.tmpdir=" + folder,
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    SimulationRun.class.getName(),
                    "1",
                    Integer.toString(SEEDS),
                    "1",
                    "all"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
