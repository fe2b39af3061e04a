package io.portcurfew.alert;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The part of an owner that survives a restart of its program: file, user, container and, if
 * configured, the digest of the file; never the pid.
 */
public final class OwnerIdentity {

  private static final String UNKNOWN = "-";

  private OwnerIdentity() {}

  /** The distinct identities in order; empty if the identity of any owner is unknown. */
  public static List<String> of(Collection<Owner> owners) {
    boolean known = owners.stream().allMatch(OwnerIdentity::isKnown);
    return known ? owners.stream().map(OwnerIdentity::of).distinct().sorted().toList() : List.of();
  }

  /** The user of a process that ended at once may be unknown. */
  private static boolean isKnown(Owner owner) {
    boolean userKnown = owner.uid() != null || owner.user() != null;
    return owner.kernel() != null || (owner.executable() != null && userKnown);
  }

  private static String of(Owner owner) {
    if (owner.kernel() != null) {
      return owner.toString();
    }
    OwnerDetails more = owner.details();
    Object user = owner.uid() != null ? owner.uid() : owner.user();
    Container in = more.container();
    return Stream.of(owner.executable(), user, in == null ? null : in.label(), more.sha256())
        .map(part -> Objects.toString(part, UNKNOWN))
        .reduce((one, other) -> one + " " + other)
        .orElseThrow();
  }

  /**
   * True if no known fact differs. Digests are compared only if both sides know them: a policy that
   * starts or stops asking for digests changes no owner.
   */
  public static boolean agree(List<String> before, List<String> after) {
    if (before.equals(after)) {
      return true;
    }
    Map<String, Set<String>> one = digests(before);
    Map<String, Set<String>> other = digests(after);
    return one.keySet().equals(other.keySet())
        && one.entrySet().stream()
            .allMatch(
                entry -> agree(entry.getValue(), other.getOrDefault(entry.getKey(), Set.of())));
  }

  private static boolean agree(Set<String> before, Set<String> after) {
    return knows(before, after) && knows(after, before);
  }

  /** True if each digest is unknown, or is among the others, or one of the others is unknown. */
  private static boolean knows(Set<String> others, Set<String> digests) {
    return others.contains(UNKNOWN)
        || digests.stream().allMatch(one -> one.equals(UNKNOWN) || others.contains(one));
  }

  /** The identities after a scan that {@linkplain #agree agrees}; known digests are kept. */
  public static List<String> merge(List<String> before, List<String> after) {
    if (before.equals(after)) {
      return before;
    }
    Map<String, Set<String>> earlier = digests(before);
    List<String> merged = new ArrayList<>();
    digests(after)
        .forEach(
            (file, digests) ->
                merge(earlier.getOrDefault(file, Set.of()), digests)
                    .forEach(digest -> merged.add(file + " " + digest)));
    return merged.stream().sorted().toList();
  }

  private static Set<String> merge(Set<String> before, Set<String> after) {
    Set<String> all = new TreeSet<>(after);
    if (after.contains(UNKNOWN)) {
      all.addAll(before);
    }
    if (all.size() > 1) {
      all.remove(UNKNOWN);
    }
    return all;
  }

  /** The digests by the rest of the identity; a digest is the part after the last space. */
  private static Map<String, Set<String>> digests(List<String> identities) {
    Map<String, Set<String>> digests = new HashMap<>();
    for (String identity : identities) {
      int end = identity.lastIndexOf(' ');
      String rest = identity.substring(0, Math.max(0, end));
      digests.computeIfAbsent(rest, none -> new TreeSet<>()).add(identity.substring(end + 1));
    }
    return digests;
  }
}
