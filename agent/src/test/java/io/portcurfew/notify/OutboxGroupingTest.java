package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The wait of a notification for others of its group. */
class OutboxGroupingTest extends OutboxFixture {

  @Test
  void restartIsOneMessage() {
    List<Notification> delivered =
        grouped(1, warning("n1", "web", Reason.RESOLVED), warning("n2", "web", Reason.FIRST));

    assertThat(delivered)
        .singleElement()
        .extracting(Notification::reason)
        .isEqualTo(Reason.SUMMARY);
    assertThat(delivered.get(0).summary().text())
        .isEqualTo("1 listener opened; 1 alert is resolved");
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(5));
    assertThat(ledger.lines)
        .containsExactly(
            "folded 2 into " + delivered.get(0).id(),
            "delivered " + delivered.get(0).id() + " at 1");
  }

  @Test
  void otherRules_areOtherMessages() {
    List<Notification> delivered =
        grouped(
            2,
            warning("n1", "web", Reason.FIRST),
            warning("n2", "db", Reason.FIRST),
            warning("n3", "web", Reason.FIRST));

    assertThat(delivered.get(0).summary().count()).isEqualTo(2);
    assertThat(delivered.get(1).id()).isEqualTo("n2");
    assertThat(time.pauses).containsExactly(Duration.ofSeconds(5));
  }

  @Test
  void criticalNotification_doesNotWaitAndKeepsTheOrder() {
    List<Notification> delivered =
        grouped(
            4,
            warning("n1", "web", Reason.FIRST),
            warning("n2", "web", Reason.FIRST),
            SampleNotifications.first("n3"),
            warning("n4", "web", Reason.FIRST),
            warning("n5", "db", Reason.FIRST));

    assertThat(delivered.get(0).summary().count()).isEqualTo(2);
    assertThat(delivered).extracting(Notification::id).endsWith("n3", "n4", "n5");
    assertThat(time.pauses)
        .as("for those that came after it")
        .containsExactly(Duration.ofSeconds(5));
  }

  @Test
  void close_endsTheGroupWait() {
    Outbox outbox = outbox(answering(DELIVERED), Grouping.USUAL);
    outbox.add(List.of(warning("n1", "web", Reason.FIRST)));
    outbox.close();
    outbox.run();
    assertThat(attempts).containsExactly("n1");
    assertThat(time.pauses).isEmpty();
  }

  /** The first notifications that were delivered, so many. */
  private List<Notification> grouped(int count, Notification... all) {
    List<Notification> delivered = new ArrayList<>();
    List<Outbox> self = new ArrayList<>();
    self.add(
        outbox(
            notification -> {
              delivered.add(notification);
              if (delivered.size() == count) {
                self.get(0).close();
              }
              return DELIVERED;
            },
            Grouping.USUAL));
    self.get(0).add(List.of(all));
    self.get(0).run();
    return delivered;
  }

  private static Notification warning(String id, String rule, Reason reason) {
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.OPEN,
            rule,
            NotifySettings.of(Severity.WARNING),
            SampleNotifications.NPMP,
            "open",
            List.of(),
            List.of());
    boolean over = reason == Reason.RESOLVED;
    Alert alert =
        new Alert(
            "a" + id,
            over ? AlertState.RESOLVED : AlertState.FIRING,
            finding,
            SampleNotifications.NOON,
            over ? SampleNotifications.NOON : null);
    return new Notification(id, reason, alert, "web-1", "0123456789ab");
  }
}
