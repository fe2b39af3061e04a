package io.portcurfew.alert;

import java.util.Locale;

/** Why people are told of an alert. */
public enum Reason {
  /** It began to fire. */
  FIRST,
  /** It goes on, and who holds the listener is another program or user. */
  CHANGED,
  /** It goes on, and was last told long ago, or with lesser severities alone. */
  REPEATED,
  /** It is over. */
  RESOLVED,
  /** It comes and goes: told once, instead of every coming and going. */
  FLAPPING,
  /** Many notifications came at once, and this one stands for them. */
  SUMMARY;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in JSON. */
  public String label() {
    return label;
  }
}
