package io.portcurfew.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Lists the first items for people and counts the rest. */
public final class ShortList {

  private ShortList() {}

  /** Returns {@code a, b and 3 more}, for a sentence. */
  public static String of(Collection<?> items, int most) {
    int more = items.size() - most;
    String named =
        items.stream().limit(most).map(String::valueOf).collect(Collectors.joining(", "));
    return more > 0 ? named + " and " + more + " more" : named;
  }

  /**
   * Returns the first lines, and a last line {@code and 3 more rules}.
   *
   * @param noun the noun of the items, in the singular
   */
  public static List<String> lines(List<String> all, int most, String noun) {
    if (all.size() <= most) {
      return List.copyOf(all);
    }
    List<String> first = new ArrayList<>(all.subList(0, most));
    first.add("and " + CountedNoun.of(all.size() - most, "more " + noun));
    return first;
  }
}
