package io.portcurfew.baseline;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import java.util.List;

/**
 * Words for listeners and owners that stay the same as long as these do: no pid. All text of the
 * host in them has been made visible.
 */
public final class OwnerText {

  private static final int MOST_OWNERS = 4;
  private static final int LONGEST_PATH = 200;

  private OwnerText() {}

  /** Who holds the listener, each kind of owner once. */
  public static String owners(Listener listener) {
    List<String> all =
        listener.owners().stream().map(OwnerText::owner).sorted().distinct().toList();
    String more = all.size() > MOST_OWNERS ? " and " + (all.size() - MOST_OWNERS) + " more" : "";
    return all.isEmpty()
        ? "an unknown owner"
        : String.join(", ", all.subList(0, Math.min(MOST_OWNERS, all.size()))) + more;
  }

  private static String owner(Owner owner) {
    OwnerDetails details = owner.details();
    Long uid = owner.uid();
    return (owner.executable() == null ? "an unknown executable" : cut(owner.executable()))
        + (Boolean.TRUE.equals(details.deleted()) ? " (removed)" : "")
        + (Boolean.TRUE.equals(details.elsewhere()) ? " (of another mount namespace)" : "")
        + (owner.user() != null
            ? " as " + cut(owner.user())
            : uid == null ? "" : " as uid " + Long.toUnsignedString(uid))
        + (details.unit() == null ? "" : " in unit " + cut(details.unit()))
        + (details.container() == null ? "" : " in container " + cut(details.container()));
  }

  /** Between characters, also where one takes two of Java's. */
  private static String cut(HostText text) {
    String visible = text.toString();
    return visible.codePointCount(0, visible.length()) <= LONGEST_PATH
        ? visible
        : visible.substring(0, visible.offsetByCodePoints(0, LONGEST_PATH)) + "...";
  }
}
