package io.portcurfew.observe.linux.events;

/** One interface of the kernel that reports sockets as they open and close. For one thread. */
interface EventSource extends AutoCloseable {

  /** Takes changes. */
  interface Sink {
    /**
     * Takes one.
     *
     * @param facts of its process at that time, as far as the source reports them
     */
    void take(SocketChange change, ProcessFacts facts);
  }

  /** The name in metrics, gaps and messages. */
  String name();

  /** The descriptors that become readable when there is something to drain. */
  int[] descriptors();

  /** Reads everything that is there; never waits. */
  void drain(Sink sink);

  /** The number of changes that the kernel could not deliver, since the source was opened. */
  long lost();

  /** The present limit of this source, in words; empty if there is none. */
  default String limit() {
    return "";
  }

  /** Adapts to CPUs that came or went; returns true if the descriptors are others now. */
  default boolean adapt() {
    return false;
  }

  @Override
  void close();
}
