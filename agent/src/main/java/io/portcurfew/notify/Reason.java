package io.portcurfew.notify;

import java.util.Locale;

/** Why a notification is sent. */
public enum Reason {
  /** The alert began to fire. */
  FIRST,
  /** The alert is over. */
  RESOLVED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in JSON. */
  public String label() {
    return label;
  }
}
