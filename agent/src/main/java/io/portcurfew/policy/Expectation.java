package io.portcurfew.policy;

import java.util.Locale;

/** The expectation of a rule for the endpoints that it selects. */
public enum Expectation {
  /** Nothing listens. */
  CLOSED,
  /** Something may listen, on the rule's terms. */
  ALLOWED,
  /** Something listens, on the rule's terms. */
  REQUIRED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in files, JSON and labels. */
  public String label() {
    return label;
  }
}
