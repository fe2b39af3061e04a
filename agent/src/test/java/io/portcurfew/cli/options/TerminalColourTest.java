package io.portcurfew.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class TerminalColourTest {

  private final Properties properties = new Properties();

  @Test
  void dumbTerminal_hasNoColour() {
    TerminalColour.settle(Map.of("TERM", "dumb"), properties);
    assertThat(properties).containsEntry(TerminalColour.PROPERTY, "false");
  }

  @Test
  void otherTerminal_isLeftToPicocli() {
    TerminalColour.settle(Map.of("TERM", "xterm-256color"), properties);
    TerminalColour.settle(Map.of(), properties);
    assertThat(properties).isEmpty();
  }

  @Test
  void propertyOfTheUser_stays() {
    properties.setProperty(TerminalColour.PROPERTY, "true");
    TerminalColour.settle(Map.of("TERM", "dumb"), properties);
    assertThat(properties).containsEntry(TerminalColour.PROPERTY, "true");
  }
}
