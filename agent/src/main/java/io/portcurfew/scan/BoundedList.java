package io.portcurfew.scan;

import io.portcurfew.text.CountedNoun;
import java.util.ArrayList;
import java.util.List;

/** Shortens lists for people: the end of a long list is only counted. */
public final class BoundedList {

  private BoundedList() {}

  /**
   * The first lines, and how many more there are.
   *
   * @param of the noun of the items, in the singular
   */
  public static List<String> lines(List<String> all, int most, String of) {
    if (all.size() <= most) {
      return List.copyOf(all);
    }
    List<String> some = new ArrayList<>(all.subList(0, most));
    some.add("and " + CountedNoun.of(all.size() - most, "more " + of));
    return some;
  }
}
