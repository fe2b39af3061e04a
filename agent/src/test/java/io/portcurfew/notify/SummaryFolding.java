package io.portcurfew.notify;

import java.util.List;

/** Lets tests of other packages fold as an outbox does. */
public final class SummaryFolding {

  private SummaryFolding() {}

  /** One in the place of all. */
  public static Notification of(List<Notification> all) {
    return Notification.of(all);
  }
}
