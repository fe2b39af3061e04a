package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.ReceiverFilter;

/** Makes the notifiers of receivers. */
@FunctionalInterface
public interface NotifierFactory {

  /**
   * Makes the notifier of a receiver; it holds threads or connections until it is closed.
   *
   * @param receiver the name of the receiver
   */
  Notifier of(String receiver, ReceiverSettings settings, ReceiverFilter filter);
}
