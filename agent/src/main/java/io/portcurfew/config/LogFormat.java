package io.portcurfew.config;

import java.util.Locale;

/** The format of log lines. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** One ECS object per line, for log collectors. */
  ECS,
  /** The name of {@link #ECS} in 0.1.0. */
  JSON;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in the file. */
  public String label() {
    return label;
  }
}
