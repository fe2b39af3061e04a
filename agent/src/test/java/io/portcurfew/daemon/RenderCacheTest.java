package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RenderCacheTest {

  private final AtomicReference<Duration> time = new AtomicReference<>(Duration.ZERO);
  private final AtomicInteger rendered = new AtomicInteger();
  private final RenderCache<Integer> cache = new RenderCache<>(time::get);

  private int get(String key) {
    return cache.get(key, rendered::incrementAndGet);
  }

  @Test
  void value_isRenderedOnceInTwoSeconds() {
    assertThat(get("a")).isEqualTo(1);
    time.set(Duration.ofMillis(1_999));
    assertThat(get("a")).isEqualTo(1);
    time.set(Duration.ofSeconds(2));
    assertThat(get("a")).isEqualTo(2);
  }

  @Test
  void keys_areIndependent() {
    assertThat(get("a")).isEqualTo(1);
    assertThat(get("b")).isEqualTo(2);
    assertThat(get("a")).isEqualTo(1);
  }
}
