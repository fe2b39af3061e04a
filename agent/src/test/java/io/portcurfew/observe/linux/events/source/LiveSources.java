package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.linux.kernel.KernelException;

/** Sources of this host beside one of a test. */
public final class LiveSources {

  private LiveSources() {}

  /** The events of perf, and those of the other source. */
  public static OpenSources ofPerfAnd(EventSource other) {
    try {
      return OpenSources.of(PerfSource.open(), other);
    } catch (KernelException refused) {
      throw new IllegalStateException(refused);
    }
  }
}
