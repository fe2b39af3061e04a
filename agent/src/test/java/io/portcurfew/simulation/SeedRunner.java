package io.portcurfew.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.LoggerFactory;

/** Runs seeds; a failing one is shrunk to the actions that it needs, and printed as a story. */
final class SeedRunner {

  private static final int MOST_LINES = 12;

  private final Path folder;
  private long steps;
  private int runs;
  private String digest = "";

  /**
   * What a seed found.
   *
   * @param received the last messages of the receiver that the first finding names
   */
  record Failure(
      List<String> wrong, List<String> story, List<String> received, List<Action> actions) {

    /** The findings without names and numbers. */
    Set<String> kinds() {
      Set<String> kinds = new LinkedHashSet<>();
      wrong.forEach(one -> kinds.add(one.replaceAll("^\\w+ |\\d+|[:\\[{].*", "")));
      return kinds;
    }

    @Override
    public String toString() {
      return String.join("\n", wrong.subList(0, Math.min(wrong.size(), 8)))
          + "\nafter:\n  "
          + String.join("\n  ", story)
          + (received.isEmpty() ? "" : "\nits last messages:\n  " + String.join("\n  ", received));
    }
  }

  SeedRunner(Path folder) {
    this.folder = folder;
  }

  /** The steps of threads so far. */
  long steps() {
    return steps;
  }

  /** The digest of the last run: of its story and of what each receiver got. */
  String digest() {
    return digest;
  }

  /** Runs the actions of a seed; null if all was well. */
  Failure failureOf(long seed, int phases) {
    return failureOf(seed, Action.of(seed, phases));
  }

  Failure failureOf(long seed, List<Action> actions) {
    Logger logger = (Logger) LoggerFactory.getLogger("io.portcurfew");
    Level before = logger.getLevel();
    logger.setLevel(Boolean.getBoolean("portcurfew.simulation.log") ? Level.INFO : Level.OFF);
    Path own = StateFiles.create(folder.resolve("run-" + runs++));
    try (Simulation simulation = new Simulation(seed, own)) {
      List<Action> done = new ArrayList<>();
      for (Action action : actions) {
        done.add(action);
        long stepsBefore = simulation.steps();
        List<String> wrong = simulation.run(action);
        steps += simulation.steps() - stepsBefore;
        digest = simulation.digest();
        if (!wrong.isEmpty()) {
          List<String> received = simulation.received(wrong.get(0).split(" ", 2)[0], MOST_LINES);
          return new Failure(List.copyOf(wrong), simulation.story(), received, done);
        }
      }
      return null;
    } finally {
      logger.setLevel(before);
      StateFiles.delete(own);
    }
  }

  /** Leaves out actions as long as something is still wrong. */
  Failure shrunk(long seed, Failure failure, int most) {
    Failure best = failure;
    String kind = failure.kinds().iterator().next();
    int tries = 0;
    for (int size = Math.max(1, best.actions().size() / 2); size >= 1; size /= 2) {
      int at = 0;
      while (at + size < best.actions().size() && tries < most) {
        List<Action> fewer = new ArrayList<>(best.actions());
        fewer.subList(at, at + size).clear();
        tries++;
        Failure again = failureOf(seed, fewer);
        if (again == null || !again.kinds().contains(kind)) {
          at += size;
        } else {
          best = again;
        }
      }
    }
    return best;
  }
}
