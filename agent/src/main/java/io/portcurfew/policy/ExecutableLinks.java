package io.portcurfew.policy;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The executables and scripts of a policy whose paths are links on one host. The kernel shows a
 * process with the path behind all links, so a term with such a path would never hold.
 *
 * @param targets the path behind the links, for each path whose links only root can change
 * @param ofOthers the paths with a link, or a folder, that others than root can change; they are
 *     not followed
 * @param absent the paths without a file
 */
public record ExecutableLinks(
    SortedMap<String, String> targets, SortedSet<String> ofOthers, SortedSet<String> absent) {

  /** No links. */
  public static final ExecutableLinks NONE =
      new ExecutableLinks(new TreeMap<>(), new TreeSet<>(), new TreeSet<>());

  public ExecutableLinks {
    targets = Collections.unmodifiableSortedMap(new TreeMap<>(targets));
    ofOthers = Collections.unmodifiableSortedSet(new TreeSet<>(ofOthers));
    absent = Collections.unmodifiableSortedSet(new TreeSet<>(absent));
  }

  /** True if a policy means the same files with the other links. */
  public boolean followsAs(ExecutableLinks other) {
    return targets.equals(other.targets) && ofOthers.equals(other.ofOthers);
  }

  /** The paths that may lead to another file later. */
  public SortedSet<String> changing() {
    SortedSet<String> all = new TreeSet<>(targets.keySet());
    all.addAll(ofOthers);
    all.addAll(absent);
    return all;
  }
}
