package io.portcurfew.notify;

/** Delivers to one receiver; one implementation a kind of receiver. */
@FunctionalInterface
public interface Notifier extends AutoCloseable {

  /**
   * Tries once to deliver.
   *
   * @throws InterruptedException when the attempt was given up
   */
  Delivery deliver(Notification notification) throws InterruptedException;

  /** Lets go of what it holds; an attempt that is on its way may end or fail. */
  @Override
  default void close() {}
}
