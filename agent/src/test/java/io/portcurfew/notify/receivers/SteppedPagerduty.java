package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Notifier;

/** The real notifier of PagerDuty, whose events a simulation takes. */
public final class SteppedPagerduty {

  private SteppedPagerduty() {}

  /** Sends each event to this notifier instead of a server. */
  public static Notifier to(Notifier events) {
    return new PagerdutyNotifier(events::deliver);
  }
}
