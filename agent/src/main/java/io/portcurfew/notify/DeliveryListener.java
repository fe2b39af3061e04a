package io.portcurfew.notify;

/** Hears of every attempt to deliver, so that it can be counted. */
@FunctionalInterface
public interface DeliveryListener {

  /**
   * Called after each attempt, from the thread of that receiver; must be quick and must not throw.
   *
   * @param receiver the name of the receiver
   */
  void attempted(String receiver, Delivery outcome);
}
