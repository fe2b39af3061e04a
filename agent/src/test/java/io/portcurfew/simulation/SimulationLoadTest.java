package io.portcurfew.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.tags.HeavyLoad;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * At least 200,000 steps of fixed seeds and 50,000 of fresh ones, or as many as the property {@code
 * portcurfew.steps} says.
 */
@HeavyLoad
@Timeout(1800)
class SimulationLoadTest {

  private static final long FIXED = Long.getLong("portcurfew.steps", 200_000);
  private static final int PHASES = 3;
  private static final int MOST_TRIES = 200;

  @TempDir private Path folder;

  @Test
  void fixedSeeds_reportWhatIsSo() {
    run(1, FIXED);
  }

  @Test
  void freshSeeds_reportWhatIsSo() {
    run(new SecureRandom().nextLong() >>> 1, FIXED / 4);
  }

  private void run(long first, long steps) {
    SeedRunner runner = new SeedRunner(folder);
    for (long seed = first; runner.steps() < steps; seed++) {
      SeedRunner.Failure failure = runner.failureOf(seed, PHASES);
      if (failure != null) {
        assertThat(runner.shrunk(seed, failure, MOST_TRIES))
            .as("seed %d after %,d steps", seed, runner.steps())
            .isNull();
      }
    }
    assertThat(runner.steps()).isGreaterThanOrEqualTo(steps);
  }
}
