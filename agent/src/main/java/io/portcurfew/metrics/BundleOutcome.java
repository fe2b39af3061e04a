package io.portcurfew.metrics;

import java.util.Locale;

/** The outcome of one look for a new policy bundle. */
public enum BundleOutcome {
  /** A new revision was accepted. */
  ACTIVATED,
  /** The server has the active revision. */
  UNCHANGED,
  /** The bundle was refused. */
  REFUSED,
  /** The revision would raise too many new alerts. */
  HELD,
  /** The server could not be reached. */
  FAILED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The value of the metric's label. */
  String label() {
    return label;
  }

  /** True if the host has the bundle that the server offers. */
  boolean isSuccess() {
    return this == ACTIVATED || this == UNCHANGED;
  }
}
