package io.portcurfew.policy;

import java.util.Locale;

/** The severity of a finding, from lowest to highest. */
public enum Severity {
  INFO,
  WARNING,
  CRITICAL;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in files, JSON and labels. */
  public String label() {
    return label;
  }
}
