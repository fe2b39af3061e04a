package io.portcurfew.judge;

import java.util.Locale;

/** What the policy says of a listener. */
public enum Verdict {
  /** A rule is about it and its terms hold. */
  ALLOWED,
  /** There is a finding about it. */
  FINDING,
  /** No rule is about it and the default allows it. */
  UNLISTED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in JSON and labels. */
  public String label() {
    return label;
  }
}
