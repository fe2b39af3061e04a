package io.portcurfew;

import io.portcurfew.observe.Gap;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Writes down when gaps come and go: by source and by what is missing, since words differ from look
 * to look. One that comes and goes is over only after a time without it. Used by one thread.
 */
final class GapLog {

  private static final Duration CALM = Duration.ofMinutes(10);

  private final BiConsumer<String, Map<String, ?>> log;
  private final Map<Key, Duration> lastSeen = new HashMap<>();

  private record Key(String source, Gap.What what) implements Comparable<Key> {

    @Override
    public int compareTo(Key other) {
      int bySource = source.compareTo(other.source);
      return bySource != 0 ? bySource : what.compareTo(other.what);
    }

    Map<String, String> tree() {
      return Map.of("source", source, "what", what.label());
    }
  }

  GapLog(BiConsumer<String, Map<String, ?>> log) {
    this.log = log;
  }

  /**
   * Takes in the gaps of a look.
   *
   * @param now since some moment that is always the same
   */
  void saw(List<Gap> gaps, Duration now) {
    for (Gap gap : gaps) {
      Key key = new Key(gap.source(), gap.what());
      if (lastSeen.put(key, now) == null) {
        log.accept("gap", key.tree());
      }
    }
    if (!lastSeen.isEmpty()) {
      end(now);
    }
  }

  private void end(Duration now) {
    for (Key key : new TreeSet<>(lastSeen.keySet())) {
      if (now.minus(lastSeen.getOrDefault(key, now)).compareTo(CALM) >= 0) {
        lastSeen.remove(key);
        log.accept("gap-over", key.tree());
      }
    }
  }
}
