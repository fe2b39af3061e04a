package io.portcurfew.config.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Suggests the word that a mistyped one resembles. A suggestion is shown and never used. */
public final class Suggestion {

  private static final int LONGEST = 40;

  private Suggestion() {}

  /** The most similar word, if one is similar enough. */
  public static Optional<String> of(String typed, Collection<String> words) {
    if (typed.isEmpty() || typed.length() > LONGEST) {
      return Optional.empty();
    }
    String folded = fold(typed);
    int most = Math.max(1, folded.length() / 3);
    return words.stream()
        .filter(word -> distance(folded, fold(word)) <= most)
        .min(Comparator.comparingInt(word -> distance(folded, fold(word))));
  }

  private static String fold(String word) {
    return word.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** The number of letters to add, drop, change or swap (optimal string alignment distance). */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, i, b, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cheapest(int[][] cost, String a, int i, String b, int j) {
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1);
    best = Math.min(best, cost[i - 1][j - 1] + change);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
