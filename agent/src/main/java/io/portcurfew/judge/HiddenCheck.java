package io.portcurfew.judge;

/** A search for hidden listeners. */
public enum HiddenCheck {
  /** The comparison of two or more complete sources. */
  COMPARISON,
  /** The bind sweep. */
  SWEEP
}
