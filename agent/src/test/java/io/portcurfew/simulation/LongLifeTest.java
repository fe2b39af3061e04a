package io.portcurfew.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.portcurfew.tags.HeavyLoad;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** One agent that runs for days keeps the memory that it has after hours. */
@HeavyLoad
@Timeout(600)
class LongLifeTest {

  private static final Set<Action.Kind> ENDS =
      EnumSet.of(
          Action.Kind.KILL,
          Action.Kind.RESTART,
          Action.Kind.BROKEN_SOURCE,
          Action.Kind.TWIN_SUMMARIES,
          Action.Kind.UNREADABLE_LEDGER,
          Action.Kind.LATE_SUMMARY,
          Action.Kind.REMOVE_DATABASE);

  private static final int WARM_PHASES = 20;
  private static final int PHASES = 80;
  private static final long MOST_GROWTH = 256 << 10;

  @TempDir private Path folder;
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.portcurfew");

  @BeforeEach
  void quiet() {
    logger.setLevel(Level.OFF);
  }

  @AfterEach
  void logAgain() {
    logger.setLevel(null);
  }

  @Test
  void agentThatIsNeverRestarted_keepsItsMemory() {
    try (Simulation simulation = new Simulation(1, folder)) {
      run(simulation, 0, WARM_PHASES);
      long before = usedMemory();
      run(simulation, WARM_PHASES, PHASES);
      assertThat(usedMemory() - before).isLessThan(MOST_GROWTH);
    }
  }

  private static void run(Simulation simulation, int from, int to) {
    for (int phase = from; phase < to; phase++) {
      for (Action action : phase(phase)) {
        assertThat(simulation.run(action)).as("phase %d: %s", phase, simulation.story()).isEmpty();
      }
      simulation.story().clear();
    }
  }

  private static List<Action> phase(int seed) {
    List<Action> all = Action.of(seed, 1);
    all.removeIf(action -> ENDS.contains(action.kind()));
    all.add(new Action(Action.Kind.START_OVER, 0));
    return all;
  }

  private static long usedMemory() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
