package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The finished distribution uses colour on a terminal that has it, and on no other. */
class TerminalColourIT {

  private static final String ESCAPE = "\u001b";

  /** The help of a terminal: script(1) gives the program one. */
  private static String help(String variables) throws Exception {
    Requirement.program("script");
    String help = "env " + variables + " " + PORTCURFEW + " help scan";
    return Program.run("script", "-qec", help, "/dev/null").out();
  }

  @Test
  void terminalWithoutColours_getsNone() throws Exception {
    assertThat(help("-u NO_COLOR TERM=xterm")).contains(ESCAPE);
    assertThat(help("-u NO_COLOR TERM=dumb")).contains("Usage:").doesNotContain(ESCAPE);
    assertThat(help("NO_COLOR=1 TERM=xterm")).contains("Usage:").doesNotContain(ESCAPE);
  }
}
