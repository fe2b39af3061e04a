package io.portcurfew.observe;

import io.portcurfew.text.ShortList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of other families than TCP and UDP at one moment, and the families that could not be
 * listed.
 *
 * @param looked true if a source of this kind looked at all
 * @param all in order of their places
 */
public record OtherSockets(boolean looked, List<OtherSocket> all, List<Unlisted> unlisted) {

  private static final int MOST_NAMED = 5;

  /** No source looked. */
  public static final OtherSockets NOT_LOOKED = new OtherSockets(false, List.of(), List.of());

  public OtherSockets {
    all = List.copyOf(all);
    unlisted = List.copyOf(unlisted);
  }

  /**
   * A family that could not be listed in a network namespace.
   *
   * @param why in words for an administrator
   * @param limit true if the kernel of this host never lists the family
   */
  public record Unlisted(SocketPlace.Family family, String namespace, String why, boolean limit) {}

  /**
   * Returns the gaps for the families that could not be listed; a permanent limit of the kernel is
   * none.
   */
  public List<Gap> gaps(String source) {
    if (!isOneMissed()) {
      return List.of();
    }
    Map<String, List<String>> places = new TreeMap<>();
    unlisted.stream()
        .filter(one -> !one.limit())
        .forEach(
            one ->
                places
                    .computeIfAbsent(
                        one.family() + " sockets are not all seen: " + one.why(),
                        why -> new ArrayList<>())
                    .add(one.namespace()));
    return places.entrySet().stream()
        .map(entry -> new Gap(source, Gap.What.PROTOCOL, entry.getKey() + in(entry.getValue())))
        .toList();
  }

  /** Returns true if a family could not be listed this time; most looks have none. */
  private boolean isOneMissed() {
    for (Unlisted one : unlisted) {
      if (!one.limit()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the families that this kernel or these rights never show, without names of the host.
   */
  public List<String> limits() {
    return unlisted.stream()
        .filter(Unlisted::limit)
        .map(
            one ->
                one.family()
                    + " sockets"
                    + (one.namespace().equals(Endpoint.HOST) ? "" : " of other network namespaces")
                    + " cannot be listed: "
                    + one.why())
        .distinct()
        .toList();
  }

  private static String in(List<String> namespaces) {
    if (namespaces.equals(List.of(Endpoint.HOST))) {
      return "";
    }
    return " (in " + ShortList.of(namespaces, MOST_NAMED) + ")";
  }

  /**
   * Returns true if every socket of these families would have been seen.
   *
   * @param namespace as in a rule; {@code null} is any
   */
  public boolean covers(Set<SocketPlace.Family> families, @Nullable String namespace) {
    return looked
        && unlisted.stream()
            .noneMatch(
                one ->
                    families.contains(one.family())
                        && NamespaceGroup.matches(namespace, one.namespace()));
  }

  /** Returns true if a socket at this place would have been seen. */
  public boolean covers(SocketPlace place) {
    return covers(Set.of(place.family()), place.namespace());
  }
}
