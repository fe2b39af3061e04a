package io.portcurfew.policy;

/** Whether a term holds, as far as could be seen. */
public enum Trilean {
  YES,
  NO,
  /** What the term asks about could not be seen. */
  UNKNOWN;

  static Trilean of(boolean holds) {
    return holds ? YES : NO;
  }

  /** YES where either is, else UNKNOWN where either is. */
  Trilean or(Trilean other) {
    if (this == YES || other == YES) {
      return YES;
    }
    return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : NO;
  }

  /** NO where either is, else UNKNOWN where either is. */
  public Trilean and(Trilean other) {
    if (this == NO || other == NO) {
      return NO;
    }
    return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : YES;
  }
}
