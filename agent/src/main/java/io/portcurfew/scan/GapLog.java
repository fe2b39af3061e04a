package io.portcurfew.scan;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Logs when gaps appear and end, by source, kind and network namespace, because their texts differ
 * from scan to scan. A gap that comes and goes ends only after a time without it. Used by one
 * thread.
 */
final class GapLog {

  private static final Comparator<GapKey> ORDER =
      Comparator.comparing(GapKey::source)
          .thenComparing(GapKey::what)
          .thenComparing(GapKey::namespace);

  /** The most namespaces with an entry of their own. */
  private static final int MOST = 64;

  private static final Duration CALM = Duration.ofMinutes(10);

  private final BiConsumer<String, Map<String, ?>> log;
  private final Map<GapKey, Duration> lastSeen = new HashMap<>();

  private record GapKey(String source, Gap.What what, String namespace)
      implements Comparable<GapKey> {

    @Override
    public int compareTo(GapKey other) {
      return ORDER.compare(this, other);
    }

    Map<String, String> tree() {
      Map<String, String> tree = new TreeMap<>(Map.of("source", source, "what", what.label()));
      if (!namespace.isEmpty()) {
        tree.put("namespace", namespace);
      }
      return tree;
    }
  }

  GapLog(BiConsumer<String, Map<String, ?>> log) {
    this.log = log;
  }

  /**
   * Records the gaps of a scan.
   *
   * @param now monotonic time
   */
  void record(List<Gap> gaps, Duration now) {
    for (Gap gap : gaps) {
      GapKey key = key(gap);
      if (lastSeen.put(key, now) == null) {
        log.accept("gap", key.tree());
      }
    }
    if (!lastSeen.isEmpty()) {
      end(now);
    }
  }

  /**
   * Only gaps that may hide a listener are logged by namespace, because any user can create
   * namespaces.
   */
  private GapKey key(Gap gap) {
    GapKey everywhere = new GapKey(gap.source(), gap.what(), "");
    String namespace = gap.place().namespace();
    if (namespace == null || namespace.equals(Endpoint.HOST) || !gap.hidesListeners()) {
      return everywhere;
    }
    GapKey one = new GapKey(gap.source(), gap.what(), namespace);
    return lastSeen.containsKey(one) || lastSeen.size() < MOST ? one : everywhere;
  }

  private void end(Duration now) {
    for (GapKey key : new TreeSet<>(lastSeen.keySet())) {
      if (now.minus(lastSeen.getOrDefault(key, now)).compareTo(CALM) >= 0) {
        lastSeen.remove(key);
        log.accept("gap-over", key.tree());
      }
    }
  }
}
