package io.portcurfew.notify;

import java.util.Set;

/** A notification and the names of the receivers that are to be told it; there may be none. */
public record RoutedNotification(Notification notification, Set<String> receivers) {

  public RoutedNotification {
    receivers = Set.copyOf(receivers);
  }
}
