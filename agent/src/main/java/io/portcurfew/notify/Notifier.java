package io.portcurfew.notify;

/** Delivers to one receiver. Each kind of receiver has its own implementation. */
@FunctionalInterface
public interface Notifier extends AutoCloseable {

  /**
   * Makes one attempt to deliver.
   *
   * @throws InterruptedException if the attempt was interrupted
   */
  Delivery deliver(Notification notification) throws InterruptedException;

  /**
   * Called after each scan while an alert fires, for receivers that need this repeatedly. Returns
   * at once.
   */
  default void somethingFires() {}

  /** Releases its threads and connections; a running attempt may end or fail. */
  @Override
  default void close() {}
}
