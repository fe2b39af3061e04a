package io.portcurfew.text;

import java.util.Locale;

/** A number with its noun, in the singular for one. */
public final class CountedNoun {

  private CountedNoun() {}

  /** Returns {@code 1 rule} or {@code 2 rules}. */
  public static String of(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** Returns {@code 2,000 openings}: a large number in a sentence, with a plural of its own. */
  public static String grouped(long count, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
  }
}
