package io.portcurfew.notify;

/** Counts the attempts to deliver. */
@FunctionalInterface
public interface DeliveryListener {

  /**
   * Called after each attempt, on the thread of that receiver; must be quick and must not throw.
   *
   * @param receiver the name of the receiver
   */
  void attempted(String receiver, Delivery outcome);
}
