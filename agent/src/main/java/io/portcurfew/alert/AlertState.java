package io.portcurfew.alert;

import java.util.Locale;

/** Where an alert stands in its life. */
public enum AlertState {
  /** Seen, but not for long enough to be told. */
  PENDING,
  /** Going on. */
  FIRING,
  /** Over. */
  RESOLVED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in JSON and labels. */
  public String label() {
    return label;
  }
}
