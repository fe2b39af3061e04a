package io.portcurfew.baseline;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Redirect;
import io.portcurfew.text.ShortList;
import java.util.List;

/**
 * Describes owners without pids, so that equal owners have equal texts. Text of the host in it is
 * safe to show.
 */
public final class OwnerText {

  private static final int MOST_OWNERS = 4;
  private static final int LONGEST_PATH = 200;

  private OwnerText() {}

  /** The distinct owners of a listener. */
  public static String owners(Listener listener) {
    Redirect via = listener.via();
    return listener.owners().isEmpty() && via != null
        ? "the redirect of " + via
        : owners(listener.owners());
  }

  /** The distinct owners of a socket of another family. */
  public static String owners(OtherSocket socket) {
    return owners(socket.owners());
  }

  /** The distinct owners. */
  static String owners(List<Owner> owners) {
    List<String> all = owners.stream().map(OwnerText::owner).sorted().distinct().toList();
    return all.isEmpty() ? "an unknown owner" : ShortList.of(all, MOST_OWNERS);
  }

  private static String owner(Owner owner) {
    OwnerDetails details = owner.details();
    Long uid = owner.uid();
    if (owner.kernel() != null) {
      return "the kernel: " + owner.kernel();
    }
    return (owner.executable() == null ? "an unknown executable" : cut(owner.executable()))
        + (details.replaced()
            ? " (replaced)"
            : Boolean.TRUE.equals(details.deleted()) ? " (removed)" : "")
        + (Boolean.TRUE.equals(details.elsewhere()) ? " (of another mount namespace)" : "")
        + (owner.user() != null
            ? " as " + cut(owner.user())
            : uid == null ? "" : " as uid " + Long.toUnsignedString(uid))
        + (details.unit() == null ? "" : " in unit " + cut(details.unit()))
        + (details.container() == null ? "" : " in container " + cut(details.container().label()))
        + (details.inFlight() ? " (in flight)" : "");
  }

  /** Cuts between code points, so that no surrogate pair is split. */
  private static String cut(HostText text) {
    String visible = text.toString();
    return visible.codePointCount(0, visible.length()) <= LONGEST_PATH
        ? visible
        : visible.substring(0, visible.offsetByCodePoints(0, LONGEST_PATH)) + "...";
  }
}
