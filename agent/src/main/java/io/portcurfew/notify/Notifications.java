package io.portcurfew.notify;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Changes;
import io.portcurfew.alert.Reason;
import io.portcurfew.alert.StableId;
import java.time.Instant;
import java.util.List;

/** What people are to be told of a change of the alerts. */
public final class Notifications {

  private Notifications() {}

  /**
   * One notification for each alert of which people are to be told, in the order of the changes.
   *
   * @param host the name of the host that was looked at
   * @param policy the digest of the policy that it was judged by
   */
  public static List<Notification> of(Changes changes, String host, String policy) {
    return changes.told().stream().map(change -> of(change, host, policy)).toList();
  }

  private static Notification of(Changes.Change change, String host, String policy) {
    Alert alert = change.alert();
    Reason reason = change.reason();
    String id = StableId.of(alert.id(), reason.label(), when(alert, reason).toString());
    return new Notification(id, reason, alert, host, policy);
  }

  /** What tells this telling of the alert from others for the same reason. */
  private static Instant when(Alert alert, Reason reason) {
    Instant told = reason == Reason.RESOLVED ? alert.endsAt() : alert.course().toldAt();
    return told == null ? alert.startsAt() : told;
  }
}
