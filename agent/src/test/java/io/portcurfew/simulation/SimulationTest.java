package io.portcurfew.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few seeds of the simulation; {@link SimulationLoadTest} runs many. */
class SimulationTest {

  @TempDir private Path folder;

  @Test
  void agentInAHostileWorld_reportsTheTruth() {
    SeedRunner runner = new SeedRunner(folder);
    assertThat(runner.failureOf(611, 1)).isNull();
    assertThat(runner.steps()).isPositive();
  }
}
