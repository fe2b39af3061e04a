package io.portcurfew.notify;

import java.util.List;

/** Makes summaries for tests of other packages. */
public final class SummaryFolding {

  private SummaryFolding() {}

  /** A summary of these notifications. */
  public static Notification of(List<Notification> all) {
    return Notification.of(all);
  }
}
