package io.portcurfew.scan;

import io.portcurfew.host.PathResolver;
import io.portcurfew.policy.ExecutableLinks;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds the links in the paths that a policy names on this host. */
public final class ExecutablePaths {

  private ExecutablePaths() {}

  /** Finds the links in these paths. */
  public static ExecutableLinks of(Set<String> paths) {
    SortedMap<String, String> targets = new TreeMap<>();
    SortedSet<String> ofOthers = new TreeSet<>();
    SortedSet<String> absent = new TreeSet<>();
    PathResolver.resolve(paths)
        .forEach(
            (path, file) -> {
              if (!file.exists()) {
                absent.add(path);
              } else if (!file.path().equals(path)) {
                if (file.isOfRootAlone()) {
                  targets.put(path, file.path());
                } else {
                  ofOthers.add(path);
                }
              }
            });
    return new ExecutableLinks(targets, ofOthers, absent);
  }
}
