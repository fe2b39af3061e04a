package io.portcurfew.scan;

import io.portcurfew.alert.AlertGroup;
import io.portcurfew.alert.AlertKey;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of findings by the share that each is counted to, and the largest share. Each step takes
 * the logarithm of the number of shares, since a user can cause thousands of them.
 */
final class KeyShares {

  private final Map<AlertGroup.GroupShare, Set<AlertKey>> keys = new HashMap<>();
  private final TreeMap<Integer, Set<AlertGroup.GroupShare>> bySize = new TreeMap<>();

  /** Adds a key as the latest of its share. */
  void add(AlertGroup.GroupShare share, AlertKey key) {
    Set<AlertKey> own = keys.computeIfAbsent(share, one -> new LinkedHashSet<>());
    int before = own.size();
    own.remove(key);
    own.add(key);
    resize(share, before, own.size());
  }

  /** Removes a key from its share. */
  void remove(AlertGroup.GroupShare share, AlertKey key) {
    Set<AlertKey> own = keys.get(share);
    if (own != null && own.remove(key)) {
      resize(share, own.size() + 1, own.size());
      if (own.isEmpty()) {
        keys.remove(share);
      }
    }
  }

  /** The oldest key of the largest share; {@code null} if there is none. */
  @Nullable AlertKey oldestOfLargest() {
    Map.Entry<Integer, Set<AlertGroup.GroupShare>> largest = bySize.lastEntry();
    Set<AlertKey> own = largest == null ? null : keys.get(largest.getValue().iterator().next());
    return own == null ? null : own.iterator().next();
  }

  private void resize(AlertGroup.GroupShare share, int before, int after) {
    Set<AlertGroup.GroupShare> same = bySize.get(before);
    if (same != null && same.remove(share) && same.isEmpty()) {
      bySize.remove(before);
    }
    if (after > 0) {
      bySize.computeIfAbsent(after, one -> new LinkedHashSet<>()).add(share);
    }
  }
}
