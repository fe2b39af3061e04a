package io.portcurfew.notify;

/** Delivers to one receiver; one implementation a kind of receiver. */
public interface Notifier {

  /**
   * Tries once to deliver.
   *
   * @throws InterruptedException when the attempt was given up
   */
  Delivery deliver(Notification notification) throws InterruptedException;
}
