package io.portcurfew.text;

import java.util.Collection;
import java.util.stream.Collectors;

/** Lists the first items in a sentence and counts the rest. */
public final class ShortList {

  private ShortList() {}

  /** Returns {@code a, b and 3 more}. */
  public static String of(Collection<?> items, int most) {
    int more = items.size() - most;
    String named =
        items.stream().limit(most).map(String::valueOf).collect(Collectors.joining(", "));
    return more > 0 ? named + " and " + more + " more" : named;
  }
}
