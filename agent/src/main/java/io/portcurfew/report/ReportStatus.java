package io.portcurfew.report;

import java.util.Locale;

/** The result of one rule in a period. */
public enum ReportStatus {
  /**
   * Everything that the rule selects was seen but for short times, and it complied all the time.
   */
  PASS,
  /** It did not comply now or at some time of the period. */
  FAIL,
  /** Something that the rule selects could not be seen, now or for long, so nobody knows. */
  NOT_REVIEWED;

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', ' ');

  /** The words in every format. */
  public String label() {
    return label;
  }

  static ReportStatus of(String label) {
    for (ReportStatus one : values()) {
      if (one.label.equals(label)) {
        return one;
      }
    }
    throw new IllegalArgumentException("not a status: " + label);
  }
}
