package io.portcurfew.bundle.signature;

import java.util.List;

/** A list of patterns of OpenSSH: {@code *}, {@code ?} and {@code !} (ssh_config(5), PATTERNS). */
record PatternList(List<String> patterns) {

  PatternList {
    patterns = List.copyOf(patterns);
  }

  /** Splits a list at its commas. */
  static PatternList of(String list) {
    return new PatternList(List.of(list.split(",", -1)));
  }

  /** True if a pattern matches and no pattern after {@code !} does. */
  boolean matches(String text) {
    boolean found = false;
    for (String pattern : patterns) {
      boolean negated = pattern.startsWith("!");
      if (Glob.matches(negated ? pattern.substring(1) : pattern, text)) {
        if (negated) {
          return false;
        }
        found = true;
      }
    }
    return found;
  }
}
