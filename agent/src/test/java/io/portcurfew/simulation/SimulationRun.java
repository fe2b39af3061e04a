package io.portcurfew.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * Runs seeds one after the other and prints the first failure, shrunk. Arguments: the first seed,
 * the number of seeds, and the number of phases of each. With a fourth argument {@code quick} it
 * prints the failure as it is; with {@code all} it goes on after a failure and prints the digest of
 * each seed; with {@code long} it goes on, prints each failure as it is, and the numbers of seeds
 * and steps now and then.
 */
final class SimulationRun {

  private static final int MOST_TRIES = 400;

  private static final int SEEDS_BETWEEN_LINES = 5;

  /** After the first failure. */
  private enum Then {
    END,
    QUICK,
    ALL,
    LONG;

    boolean goesOn() {
      return this == ALL || this == LONG;
    }

    boolean shrinks() {
      return this == END || this == ALL;
    }
  }

  private final SeedRunner runner;
  private final int phases;
  private final Then then;
  private int seeds;
  private int failures;

  private SimulationRun(Path folder, int phases, Then then) {
    this.runner = new SeedRunner(folder);
    this.phases = phases;
    this.then = then;
  }

  public static void main(String[] args) throws IOException {
    long first = Long.parseLong(args[0]);
    long count = Long.parseLong(args[1]);
    Path folder = Files.createTempDirectory("portcurfew-simulation-");
    Then then = args.length > 3 ? Then.valueOf(args[3].toUpperCase(Locale.ROOT)) : Then.END;
    SimulationRun run = new SimulationRun(folder, Integer.parseInt(args[2]), then);
    for (long i = 0; i < count && (then.goesOn() || run.failures == 0); i++) {
      run.run(first + i);
    }
    if (run.failures == 0) {
      System.out.printf("%d seeds, %,d steps: nothing is wrong%n", count, run.runner.steps());
    } else if (then.goesOn()) {
      System.out.printf(
          "%d of %d seeds fail, %,d steps%n", run.failures, count, run.runner.steps());
    }
    Files.deleteIfExists(folder);
    System.exit(run.failures == 0 ? 0 : 1);
  }

  private void run(long seed) {
    SeedRunner.Failure failure = runner.failureOf(seed, phases);
    seeds++;
    if (then == Then.ALL) {
      System.out.println(seed + " " + runner.digest());
    } else if (then == Then.LONG && seeds % SEEDS_BETWEEN_LINES == 0) {
      System.out.printf(
          "%tT %d seeds, %,d steps, %d failures%n",
          LocalTime.now(ZoneOffset.UTC), seeds, runner.steps(), failures);
    }
    if (failure != null) {
      failures++;
      System.out.printf("seed %d fails after %,d steps%n", seed, runner.steps());
      System.out.println(failure.wrong());
      System.out.println(then.shrinks() ? runner.shrunk(seed, failure, MOST_TRIES) : failure);
    }
  }
}
