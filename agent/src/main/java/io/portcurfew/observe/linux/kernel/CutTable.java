package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import java.util.Set;
import java.util.stream.Collectors;

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
    String named =
        users.stream().limit(MOST_NAMED).map(UserGroup::label).collect(Collectors.joining(", "));
    int more = users.size() - MOST_NAMED;
    String why =
        "too many sockets in the table of "
            + table
            + ": some of "
            + named
            + (more > 0 ? " and " + more + " more users" : "")
            + " are left out";
    return new Gap(source, Gap.What.LISTENERS, why, null, place);
  }
}
