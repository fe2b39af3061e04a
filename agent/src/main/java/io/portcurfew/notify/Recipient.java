package io.portcurfew.notify;

/**
 * A receiver as the dispatcher knows it.
 *
 * @param wants what it is told
 * @param grouping what it is told in one
 */
public record Recipient(Notifier notifier, Wants wants, Grouping grouping) {

  /** One that is told everything, at once and one by one. */
  public static Recipient ofAll(Notifier notifier) {
    return new Recipient(notifier, Wants.ALL, Grouping.NONE);
  }
}
