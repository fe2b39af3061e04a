package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.text.ShortList;
import java.util.List;
import java.util.Set;

/** Describes a table with more listening sockets than are kept. */
public final class CutTable {

  private static final int MOST_NAMED = 3;

  private CutTable() {}

  /**
   * The gap.
   *
   * @param table its name, as in {@code udp over IPv4}
   * @param users the {@linkplain UserGroup groups} of users whose sockets were left out
   */
  public static Gap gap(String source, String table, Set<Long> users, Place place) {
    List<String> named = users.stream().map(UserGroup::label).toList();
    String why =
        "too many sockets in the table of "
            + table
            + ": some of "
            + ShortList.of(named, MOST_NAMED)
            + " are left out";
    return new Gap(source, Gap.What.LISTENERS, why, null, place);
  }
}
