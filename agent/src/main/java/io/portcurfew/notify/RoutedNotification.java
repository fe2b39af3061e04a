package io.portcurfew.notify;

import java.util.Set;

/** A notification and the names of its receivers, possibly none. */
public record RoutedNotification(Notification notification, Set<String> receivers) {

  public RoutedNotification {
    receivers = Set.copyOf(receivers);
  }
}
