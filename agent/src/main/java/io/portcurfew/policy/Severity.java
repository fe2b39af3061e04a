package io.portcurfew.policy;

import java.util.Locale;

/** How much a finding matters, from least to most. */
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
