package io.portcurfew.policy;

/** A truth value that may be unknown. */
public enum Trilean {
  YES,
  NO,
  /** It could not be seen. */
  UNKNOWN;

  static Trilean of(boolean holds) {
    return holds ? YES : NO;
  }

  /** YES if either is, else UNKNOWN if either is. */
  Trilean or(Trilean other) {
    if (this == YES || other == YES) {
      return YES;
    }
    return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : NO;
  }

  /** NO if either is, else UNKNOWN if either is. */
  public Trilean and(Trilean other) {
    if (this == NO || other == NO) {
      return NO;
    }
    return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : YES;
  }
}
