package io.portcurfew.judge;

import java.util.Locale;

/** The verdict of the policy on a listener. */
public enum Verdict {
  /** A rule matches and its terms hold. */
  ALLOWED,
  /** There is a finding about it. */
  FINDING,
  /** No rule matches and the default allows it. */
  UNLISTED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in JSON and labels. */
  public String label() {
    return label;
  }
}
