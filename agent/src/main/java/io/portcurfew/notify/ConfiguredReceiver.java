package io.portcurfew.notify;

/**
 * A receiver: its notifier, its filter and its grouping.
 *
 * @param filter selects its notifications
 * @param grouping the notifications that it gets in one message
 */
public record ConfiguredReceiver(Notifier notifier, ReceiverFilter filter, Grouping grouping) {

  /** A receiver of all notifications, without filter and grouping. */
  public static ConfiguredReceiver ofAll(Notifier notifier) {
    return new ConfiguredReceiver(notifier, ReceiverFilter.ALL, Grouping.NONE);
  }
}
