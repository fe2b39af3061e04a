package io.portcurfew.cli.options;

import java.util.Map;
import java.util.Properties;

/** The use of colour on a terminal. Picocli knows NO_COLOR by itself, but not {@code TERM=dumb}. */
public final class TerminalColour {

  /** Read by {@code picocli.CommandLine.Help.Ansi.AUTO}, which all colours of this program use. */
  static final String PROPERTY = "picocli.ansi";

  private TerminalColour() {}

  /** Turns colour off for a terminal without colours, unless the property has a value. */
  public static void settle(Map<String, String> environment, Properties properties) {
    if ("dumb".equals(environment.get("TERM"))) {
      properties.putIfAbsent(PROPERTY, "false");
    }
  }
}
