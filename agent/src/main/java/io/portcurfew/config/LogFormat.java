package io.portcurfew.config;

import java.util.Locale;

/** How lines of the log are written. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** One ECS object a line, for collectors. */
  JSON;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in the file. */
  public String label() {
    return label;
  }
}
