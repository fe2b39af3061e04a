package io.portcurfew.policy;

/** Whether a term holds, as far as could be seen. */
public enum Answer {
  YES,
  NO,
  /** What the term asks about could not be seen. */
  UNKNOWN;

  static Answer of(boolean holds) {
    return holds ? YES : NO;
  }

  /** YES where either is, else UNKNOWN where either is. */
  Answer or(Answer other) {
    if (this == YES || other == YES) {
      return YES;
    }
    return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : NO;
  }

  /** NO where either is, else UNKNOWN where either is. */
  public Answer and(Answer other) {
    if (this == NO || other == NO) {
      return NO;
    }
    return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : YES;
  }
}
