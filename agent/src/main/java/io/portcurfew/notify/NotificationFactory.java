package io.portcurfew.notify;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.NotificationState;
import io.portcurfew.alert.Reason;
import io.portcurfew.alert.StableId;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes the notifications of a change of the alerts. */
public final class NotificationFactory {

  private NotificationFactory() {}

  /**
   * One notification for each alert to notify, in the order of the changes.
   *
   * @param host the name of the observed host
   * @param policy the digest of the active policy
   */
  public static List<Notification> of(AlertChanges changes, String host, String policy) {
    return changes.toNotify().isEmpty()
        ? List.of()
        : changes.toNotify().stream().map(change -> of(change, host, policy)).toList();
  }

  /**
   * One notification for each alert that fired before these changes, for receivers that were not
   * notified of it. Silenced alerts are left out.
   *
   * @param now the time of the scan
   */
  public static List<Notification> alreadyFiring(
      AlertChanges changes, String host, String policy, Instant now) {
    Set<String> notified =
        changes.toNotify().stream().map(one -> one.alert().id()).collect(Collectors.toSet());
    return changes.after().open().values().stream()
        .filter(alert -> isNotified(alert) && !notified.contains(alert.id()))
        .map(alert -> alreadyFiring(alert, host, policy, now))
        .toList();
  }

  private static boolean isNotified(Alert alert) {
    NotificationState state = alert.notificationState();
    return alert.state() == AlertState.FIRING && state.notifiedAt() != null && state.held() == null;
  }

  private static Notification alreadyFiring(Alert alert, String host, String policy, Instant now) {
    String id = StableId.of(alert.id(), Reason.ALREADY_FIRING.label(), now.toString());
    return new Notification(id, Reason.ALREADY_FIRING, alert, host, policy);
  }

  /** A test message for a receiver, marked as a test. */
  public static Notification test(String receiver, String host, Instant now) {
    Finding finding =
        Finding.ofHost(
            AgentCondition.TEST,
            "notify-test",
            NotifySettings.of(Severity.INFO),
            "TEST: this is a test of receiver " + receiver + "; nothing is wrong",
            List.of());
    String id = StableId.of(AgentCondition.TEST.label(), receiver, host, now.toString());
    Alert alert = new Alert(id, AlertState.FIRING, finding, now, null);
    return new Notification(
        StableId.of(id, Reason.FIRST.label()), Reason.FIRST, alert, host, "none");
  }

  /** The resolution of a test message, for receivers that wait for one. */
  public static Notification endOfTest(Notification test) {
    Alert started = test.alert();
    Alert over =
        new Alert(
            started.id(),
            AlertState.RESOLVED,
            finding("TEST: the test of the receiver is over; nothing is wrong"),
            started.startsAt(),
            started.startsAt().plusMillis(1));
    return new Notification(
        StableId.of(started.id(), Reason.RESOLVED.label()),
        Reason.RESOLVED,
        over,
        test.host(),
        test.policy());
  }

  private static Finding finding(String message) {
    return Finding.ofHost(
        AgentCondition.TEST, "notify-test", NotifySettings.of(Severity.INFO), message, List.of());
  }

  private static Notification of(AlertChanges.Change change, String host, String policy) {
    Alert alert = change.alert();
    Reason reason = change.reason();
    Instant when = when(alert, reason);
    List<String> parts = new ArrayList<>(List.of(alert.id(), reason.label(), when.toString()));
    long changes = alert.notificationState().changes().stream().filter(when::equals).count();
    if (reason == Reason.CHANGED && changes > 1) {
      // Events and a scan may report several owners at one instant of the clock.
      parts.add(Long.toString(changes));
    }
    return new Notification(StableId.of(parts.toArray(String[]::new)), reason, alert, host, policy);
  }

  /** Distinguishes repeated notifications of one alert. */
  private static Instant when(Alert alert, Reason reason) {
    Instant last =
        reason == Reason.RESOLVED ? alert.endsAt() : alert.notificationState().notifiedAt();
    return last == null ? alert.startsAt() : last;
  }
}
