package io.portcurfew.daemon;

import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keeps rendered pages for two seconds, so that neither the load nor the memory grows with the
 * number of readers. The keys come from a fixed set.
 */
final class RenderCache<V> {

  private static final Duration KEPT = Duration.ofSeconds(2);

  private final Ticker ticker;
  private final Map<String, Rendered<V>> all = new HashMap<>();

  private record Rendered<V>(V value, Duration at) {}

  RenderCache(Ticker ticker) {
    this.ticker = ticker;
  }

  /** Returns a value that is recent enough, or renders it; others wait meanwhile. */
  synchronized V get(String key, Supplier<V> render) {
    Rendered<V> known = all.get(key);
    if (known != null && ticker.since(known.at()).compareTo(KEPT) < 0) {
      return known.value();
    }
    V value = render.get();
    all.put(key, new Rendered<>(value, ticker.elapsed()));
    return value;
  }
}
