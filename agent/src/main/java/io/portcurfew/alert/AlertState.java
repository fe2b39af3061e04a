package io.portcurfew.alert;

import java.util.Locale;

/** The state of an alert: pending, firing, resolved. */
public enum AlertState {
  /** Seen, but not yet for as long as its rule requires. */
  PENDING,
  /** Its finding has lasted long enough and goes on. */
  FIRING,
  /** Its finding is gone. */
  RESOLVED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in JSON and labels. */
  public String label() {
    return label;
  }
}
