package io.portcurfew.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Tool;
import org.junit.jupiter.api.Test;

/** The script that takes fixes back knows the lines of today's sources. */
class BugEntriesTest {

  @Test
  void eachEntry_hasItsLines() throws Exception {
    assertThat(Tool.run("python3", "-B", "src/bench/bugs.py", "--check"))
        .isEqualTo(new Tool.Result(0, ""));
  }
}
