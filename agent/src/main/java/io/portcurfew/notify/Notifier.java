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

  /**
   * Something fires, as it did or since this scan; for those who have to hear of that again and
   * again. Returns at once.
   */
  default void somethingFires() {}

  /** Lets go of what it holds; an attempt that is on its way may end or fail. */
  @Override
  default void close() {}
}
