package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.Protocol;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One interface of the kernel that reports sockets as they open and close. For one thread. */
public interface EventSource extends AutoCloseable {

  /** The interface of the kernel that it reads. */
  EventSourceKind kind();

  /** The name in metrics, gaps and messages. */
  default String name() {
    return kind().label();
  }

  /** The protocols whose listeners it reports as they open, without exception. */
  default Set<Protocol> announces() {
    return kind().announced();
  }

  /** The inode of another network namespace, if all its changes are there; else {@code null}. */
  default @Nullable Long namespace() {
    return null;
  }

  /** The descriptors that become readable when there is something to drain. */
  int[] descriptors();

  /** Reads everything that is there; never waits. */
  void drain(Consumer<SocketChange> sink);

  /** The number of changes that the kernel could not deliver, since the source was opened. */
  long lost();

  /** The present limit of this source, in words; empty if there is none. */
  default String limit() {
    return "";
  }

  /**
   * Adapts to what has changed since the last call: CPUs that came or went, a flood that is over.
   *
   * @return true if the descriptors are others now
   */
  default boolean adapt() {
    return false;
  }

  @Override
  void close();
}
