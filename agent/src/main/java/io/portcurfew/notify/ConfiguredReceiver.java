package io.portcurfew.notify;

/**
 * A receiver as the dispatcher knows it.
 *
 * @param wants what it is told
 * @param grouping what it is told in one
 */
public record ConfiguredReceiver(Notifier notifier, ReceiverFilter wants, Grouping grouping) {

  /** One that is told everything, at once and one by one. */
  public static ConfiguredReceiver ofAll(Notifier notifier) {
    return new ConfiguredReceiver(notifier, ReceiverFilter.ALL, Grouping.NONE);
  }
}
