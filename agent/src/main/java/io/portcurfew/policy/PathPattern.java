package io.portcurfew.policy;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path, or a pattern of paths: {@code *} stands for any characters of one segment, {@code ?} for
 * one of them, and {@code **} as a whole segment for any number of segments, also none. Such a sign
 * itself is written in brackets: {@code [*]}, {@code [?]}, {@code [[]}.
 *
 * @param text as the policy has it; segments are between slashes
 * @param target the path to which the links in this path lead on this host; {@code null} if it has
 *     none, or nobody looked
 */
public record PathPattern(String text, @Nullable String target) {

  private static final Pattern SIGN = Pattern.compile("[*?\\[]");
  private static final Pattern LITERAL = Pattern.compile("\\[([*?\\[])\\]");
  private static final Pattern WILD = Pattern.compile("[*?]");

  /** {@code **} beside other characters of its segment. */
  private static final Pattern LOOSE = Pattern.compile("[^/]\\*\\*|\\*\\*[^/]");

  /** A pattern whose links nobody followed. */
  public PathPattern(String text) {
    this(text, null);
  }

  /** The pattern that matches only this path, whatever characters it has. */
  public static PathPattern exactly(String path) {
    return new PathPattern(SIGN.matcher(path).replaceAll("[$0]"));
  }

  /** True if it can match more than one path. */
  public boolean isWild() {
    return WILD.matcher(withoutLiterals()).find();
  }

  /** True if every {@code **} is a whole segment. */
  public boolean isWellFormed() {
    return !LOOSE.matcher(withoutLiterals()).find();
  }

  private String withoutLiterals() {
    return LITERAL.matcher(text).replaceAll("x");
  }

  /** True if the path matches. */
  public boolean fits(String path) {
    return path.equals(target) || matches(path);
  }

  private boolean matches(String path) {
    return hasSign() ? segments(text.split("/", -1), path.split("/", -1)) : text.equals(path);
  }

  private boolean hasSign() {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
  }

  /** If a segment does not match, the last {@code **} before it takes one segment more. */
  private static boolean segments(String[] wanted, String[] found) {
    int w = 0;
    int afterStars = -1;
    int retry = 0;
    for (int f = 0; f < found.length; ) {
      if (w < wanted.length && wanted[w].equals("**")) {
        afterStars = ++w;
        retry = f;
      } else if (w < wanted.length && Segment.fits(wanted[w], found[f])) {
        w++;
        f++;
      } else if (afterStars >= 0) {
        w = afterStars;
        f = ++retry;
      } else {
        return false;
      }
    }
    while (w < wanted.length && wanted[w].equals("**")) {
      w++;
    }
    return w == wanted.length;
  }

  @Override
  public String toString() {
    return target == null ? text : text + " (a link to " + target + ")";
  }

  /** Matches one segment of a pattern with one of a path. */
  private static final class Segment {

    private static boolean fits(String wanted, String found) {
      int w = 0;
      int afterStar = -1;
      int retry = 0;
      for (int f = 0; f < found.length(); ) {
        if (w < wanted.length() && wanted.charAt(w) == '*') {
          afterStar = ++w;
          retry = f;
        } else if (w < wanted.length() && takes(wanted, w, found.charAt(f))) {
          w += isLiteral(wanted, w) ? 3 : 1;
          f++;
        } else if (afterStar >= 0) {
          w = afterStar;
          f = ++retry;
        } else {
          return false;
        }
      }
      while (w < wanted.length() && wanted.charAt(w) == '*') {
        w++;
      }
      return w == wanted.length();
    }

    private static boolean takes(String wanted, int at, char found) {
      char sign = wanted.charAt(isLiteral(wanted, at) ? at + 1 : at);
      return sign == found || (sign == '?' && !isLiteral(wanted, at));
    }

    private static boolean isLiteral(String wanted, int at) {
      return wanted.charAt(at) == '['
          && at + 2 < wanted.length()
          && wanted.charAt(at + 2) == ']'
          && "*?[".indexOf(wanted.charAt(at + 1)) >= 0;
    }
  }
}
