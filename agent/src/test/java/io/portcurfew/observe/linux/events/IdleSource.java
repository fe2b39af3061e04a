package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.linux.events.source.EventSource;
import io.portcurfew.observe.linux.events.source.EventSourceKind;
import io.portcurfew.observe.linux.events.source.SocketChange;
import java.util.function.Consumer;

/** A source without events. */
class IdleSource implements EventSource {

  @Override
  public EventSourceKind kind() {
    return EventSourceKind.PERF;
  }

  @Override
  public int[] descriptors() {
    return new int[0];
  }

  @Override
  public void drain(Consumer<SocketChange> sink) {}

  @Override
  public long lost() {
    return 0;
  }

  @Override
  public void close() {}
}
