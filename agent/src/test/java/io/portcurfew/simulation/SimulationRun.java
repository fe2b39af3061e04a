package io.portcurfew.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs seeds one after the other and prints the first failure, shrunk. Arguments: the first seed,
 * the number of seeds, and the number of phases of each. With a fourth argument {@code all} it goes
 * on after a failure and prints the digest of each seed.
 */
final class SimulationRun {

  private static final int MOST_TRIES = 400;

  private final SeedRunner runner;
  private final int phases;
  private final boolean all;
  private int failures;

  private SimulationRun(Path folder, int phases, boolean all) {
    this.runner = new SeedRunner(folder);
    this.phases = phases;
    this.all = all;
  }

  public static void main(String[] args) throws IOException {
    long first = Long.parseLong(args[0]);
    long count = Long.parseLong(args[1]);
    Path folder = Files.createTempDirectory("portcurfew-simulation-");
    SimulationRun run = new SimulationRun(folder, Integer.parseInt(args[2]), args.length > 3);
    for (long seed = first; seed < first + count && (run.all || run.failures == 0); seed++) {
      run.run(seed);
    }
    if (run.failures == 0) {
      System.out.printf("%d seeds, %,d steps: nothing is wrong%n", count, run.runner.steps());
    } else if (run.all) {
      System.out.printf(
          "%d of %d seeds fail, %,d steps%n", run.failures, count, run.runner.steps());
    }
    Files.deleteIfExists(folder);
    System.exit(run.failures == 0 ? 0 : 1);
  }

  private void run(long seed) {
    SeedRunner.Failure failure = runner.failureOf(seed, phases);
    if (all) {
      System.out.println(seed + " " + runner.digest());
    }
    if (failure != null) {
      failures++;
      System.out.printf("seed %d fails after %,d steps%n", seed, runner.steps());
      System.out.println(failure.wrong());
      System.out.println(runner.shrunk(seed, failure, MOST_TRIES));
    }
  }
}
