package io.portcurfew.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs seeds one after the other and prints the first failure, shrunk. Arguments: the first seed,
 * the number of seeds, and the number of phases of each.
 */
final class SimulationRun {

  private static final int MOST_TRIES = 400;

  private SimulationRun() {}

  public static void main(String[] args) throws IOException {
    long first = Long.parseLong(args[0]);
    long count = Long.parseLong(args[1]);
    int phases = Integer.parseInt(args[2]);
    Path folder = Files.createTempDirectory("portcurfew-simulation-");
    SeedRunner runner = new SeedRunner(folder);
    int status = 0;
    for (long seed = first; seed < first + count && status == 0; seed++) {
      SeedRunner.Failure failure = runner.failureOf(seed, phases);
      if (failure != null) {
        System.out.printf("seed %d fails after %,d steps%n", seed, runner.steps());
        System.out.println(failure.wrong());
        System.out.println(runner.shrunk(seed, failure, MOST_TRIES));
        status = 1;
      }
    }
    if (status == 0) {
      System.out.printf("%d seeds, %,d steps: nothing is wrong%n", count, runner.steps());
    }
    Files.deleteIfExists(folder);
    System.exit(status);
  }
}
