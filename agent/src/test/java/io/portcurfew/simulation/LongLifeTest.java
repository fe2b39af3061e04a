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
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
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
          Action.Kind.MANY_ENDS,
          Action.Kind.REMOVE_DATABASE);

  private static final int WARM_PHASES = 20;
  private static final int PHASES = 80;
  private static final long MOST_GROWTH = 64 << 10;

  /** A row of a histogram of classes: number, instances, bytes, class. */
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^ *\\d+: +\\d+ +(\\d+) +((?:io\\.portcurfew\\.|java\\.util\\.|java\\.lang\\.String\\b)\\S*)");

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
  void agentThatIsNeverRestarted_keepsItsMemory() throws JMException {
    try (Simulation simulation = new Simulation(1, folder)) {
      run(simulation, 0, WARM_PHASES);
      long before = usedMemory();
      assertThat(before).isPositive();
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

  /**
   * The live bytes of the agent's objects, of collections and of texts. Buffers are left out: they
   * belong to the threads that happen to work at that moment.
   */
  private static long usedMemory() throws JMException {
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    return ROW.matcher(histogram.toString())
        .results()
        .filter(row -> !row.group(2).startsWith(LongLifeTest.class.getPackageName()))
        .mapToLong(row -> Long.parseLong(row.group(1)))
        .sum();
  }
}
