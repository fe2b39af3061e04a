package io.portcurfew.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.tags.HeavyLoad;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
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

  /** The same if a test that failed is run once more, so that a bug stays found. */
  private static final long FRESH = new SecureRandom().nextLong() >>> 1;

  @TempDir private Path folder;

  @Test
  void fixedSeeds_reportWhatIsSo() {
    Result result = run(1, FIXED);
    assertThat(result.stories()).as(result.toString()).isEmpty();
  }

  @Test
  void freshSeeds_reportWhatIsSo() {
    Result result = run(FRESH, FIXED / 4);
    assertThat(result.stories()).as(result.toString()).isEmpty();
  }

  /** The stories of the seeds that failed. */
  private record Result(long first, int seeds, List<String> stories) {
    @Override
    public String toString() {
      return "of %d seeds from %d".formatted(seeds, first);
    }
  }

  private Result run(long first, long steps) {
    SeedRunner runner = new SeedRunner(folder);
    List<String> stories = new ArrayList<>();
    int seeds = 0;
    for (long seed = first; runner.steps() < steps; seed++) {
      SeedRunner.Failure failure = runner.failureOf(seed, PHASES);
      seeds++;
      if (failure != null) {
        stories.add("seed " + seed + ": " + runner.shrunk(seed, failure, MOST_TRIES));
        System.out.println(stories.get(stories.size() - 1));
      }
    }
    assertThat(runner.steps()).isGreaterThanOrEqualTo(steps);
    return new Result(first, seeds, stories);
  }
}
