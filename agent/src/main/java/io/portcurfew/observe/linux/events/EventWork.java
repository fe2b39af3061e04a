package io.portcurfew.observe.linux.events;

import io.portcurfew.process.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The present work of a thread of events: a read of a process may make it wait. Thread-safe. */
final class EventWork {

  /** The time after which work counts as waiting; a flood takes some seconds. */
  static final Duration LONGEST = Duration.ofSeconds(30);

  private final Ticker ticker;
  private volatile @Nullable Duration since;

  EventWork(Ticker ticker) {
    this.ticker = ticker;
  }

  void begin() {
    since = ticker.elapsed();
  }

  void end() {
    since = null;
  }

  /** Returns true if the thread has not come back for a long time. */
  boolean isStuck() {
    Duration began = since;
    return began != null && ticker.since(began).compareTo(LONGEST) >= 0;
  }
}
