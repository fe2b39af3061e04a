package io.portcurfew.notify;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.alert.StableId;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.List;

/** What people are to be told of a change of the alerts. */
public final class NotificationFactory {

  private NotificationFactory() {}

  /**
   * One notification for each alert of which people are to be told, in the order of the changes.
   *
   * @param host the name of the host that was looked at
   * @param policy the digest of the policy that it was judged by
   */
  public static List<Notification> of(AlertChanges changes, String host, String policy) {
    return changes.toNotify().stream().map(change -> of(change, host, policy)).toList();
  }

  /** A message by which people see whether a receiver is told; it is marked as a test. */
  public static Notification test(String receiver, String host, Instant now) {
    Finding finding =
        new Finding(
            FindingKind.TEST,
            "notify-test",
            NotifySettings.of(Severity.INFO),
            null,
            "TEST: somebody tries out the receiver " + receiver + "; nothing is wrong",
            List.of(),
            List.of());
    String id = StableId.of(FindingKind.TEST.label(), receiver, host, now.toString());
    Alert alert = new Alert(id, AlertState.FIRING, finding, now, null);
    return new Notification(
        StableId.of(id, Reason.FIRST.label()), Reason.FIRST, alert, host, "none");
  }

  /** That a test is over, for receivers that would wait for it. */
  public static Notification endOfTest(Notification test) {
    Alert begun = test.alert();
    Alert over =
        new Alert(
            begun.id(),
            AlertState.RESOLVED,
            begun.finding(),
            begun.startsAt(),
            begun.startsAt().plusMillis(1));
    return new Notification(
        StableId.of(begun.id(), Reason.RESOLVED.label()),
        Reason.RESOLVED,
        over,
        test.host(),
        test.policy());
  }

  private static Notification of(AlertChanges.Change change, String host, String policy) {
    Alert alert = change.alert();
    Reason reason = change.reason();
    String id = StableId.of(alert.id(), reason.label(), when(alert, reason).toString());
    return new Notification(id, reason, alert, host, policy);
  }

  /** What tells this telling of the alert from others for the same reason. */
  private static Instant when(Alert alert, Reason reason) {
    Instant told =
        reason == Reason.RESOLVED ? alert.endsAt() : alert.notificationState().notifiedAt();
    return told == null ? alert.startsAt() : told;
  }
}
