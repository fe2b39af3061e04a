package io.portcurfew.bundle.signature;

/** Matches text against a pattern with {@code *} for any characters and {@code ?} for one. */
public final class Glob {

  private Glob() {}

  /** True if the whole text matches; takes time in proportion to both lengths at most. */
  public static boolean matches(String pattern, String text) {
    int at = 0;
    int in = 0;
    int star = -1;
    int after = 0;
    while (at < text.length()) {
      char next = in < pattern.length() ? pattern.charAt(in) : 0;
      if (in < pattern.length() && next == '*') {
        star = in++;
        after = at;
      } else if (in < pattern.length() && (next == '?' || next == text.charAt(at))) {
        in++;
        at++;
      } else if (star >= 0) {
        in = star + 1;
        at = ++after;
      } else {
        return false;
      }
    }
    while (in < pattern.length() && pattern.charAt(in) == '*') {
      in++;
    }
    return in == pattern.length();
  }
}
