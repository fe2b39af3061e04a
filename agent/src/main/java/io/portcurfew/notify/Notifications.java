package io.portcurfew.notify;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Changes;
import io.portcurfew.alert.StableId;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What people are to be told of a change of the alerts. */
public final class Notifications {

  private Notifications() {}

  /**
   * One notification an alert that began to fire, the worst first, then one an alert that is over.
   *
   * @param host the name of the host that was looked at
   * @param policy the digest of the policy that it was judged by
   */
  public static List<Notification> of(Changes changes, String host, String policy) {
    return Stream.concat(
            changes.fired().stream().map(alert -> of(Reason.FIRST, alert, host, policy)),
            changes.resolved().stream().map(alert -> of(Reason.RESOLVED, alert, host, policy)))
        .toList();
  }

  private static Notification of(Reason reason, Alert alert, String host, String policy) {
    Instant endsAt = alert.endsAt();
    Instant when = endsAt == null ? alert.startsAt() : endsAt;
    String id = StableId.of(alert.id(), reason.label(), when.toString());
    return new Notification(id, reason, alert, host, policy);
  }
}
