package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.NotificationState;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.Severity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiverFilterTest {

  @ParameterizedTest
  @CsvSource({
    "INFO,INFO,true",
    "INFO,CRITICAL,true",
    "WARNING,INFO,false",
    "WARNING,WARNING,true",
    "CRITICAL,WARNING,false",
    "CRITICAL,CRITICAL,true"
  })
  void thisSeverityAndWorseIsTaken(Severity atLeast, Severity delivered, boolean wanted) {
    Notification one =
        SampleNotifications.first(
            "n1", SampleNotifications.finding(delivered, SampleNotifications.NPMP));
    assertThat(new ReceiverFilter(true, atLeast, new TreeMap<>()).takes(one)).isEqualTo(wanted);
  }

  @Test
  void alertNotifiedAsWorse_isTakenAfterItsSeverityFell() {
    Finding lowered = SampleNotifications.finding(Severity.INFO, SampleNotifications.NPMP);
    TreeSet<Severity> delivered = new TreeSet<>(List.of(Severity.INFO, Severity.CRITICAL));
    NotificationState course =
        new NotificationState(
            SampleNotifications.NOON, List.of(), List.of(), false, null, null, delivered);
    Alert alert =
        new Alert(
            "a1",
            AlertState.RESOLVED,
            lowered,
            SampleNotifications.NOON,
            SampleNotifications.NOON.plusMillis(1),
            course);
    Notification end = new Notification("n2", Reason.RESOLVED, alert, "web-1", "0123456789ab");
    assertThat(new ReceiverFilter(true, Severity.CRITICAL, new TreeMap<>()).takes(end)).isTrue();
    assertThat(matching(Map.of("severity", "critical")).takes(end)).isTrue();
    assertThat(matching(Map.of("severity", "info")).takes(end)).isTrue();
    assertThat(matching(Map.of("severity", "warning")).takes(end)).isFalse();
  }

  @Test
  void resolution_isTakenUnlessExcluded() {
    assertThat(ReceiverFilter.ALL.takes(SampleNotifications.resolved())).isTrue();
    ReceiverFilter firingOnly = new ReceiverFilter(false, Severity.INFO, new TreeMap<>());
    assertThat(firingOnly.takes(SampleNotifications.resolved())).isFalse();
    assertThat(firingOnly.takes(SampleNotifications.first())).isTrue();
  }

  @Test
  void allLabelsMustMatch() {
    Notification one = SampleNotifications.labelled(Map.of("team", "databases", "stage", "live"));
    assertThat(matching(Map.of("team", "databases")).takes(one)).isTrue();
    assertThat(matching(Map.of("team", "databases", "rule", "npmp-gui")).takes(one)).isTrue();
    assertThat(matching(Map.of("team", "databases", "stage", "test")).takes(one)).isFalse();
    assertThat(matching(Map.of("team", "database")).takes(one)).isFalse();
    assertThat(matching(Map.of("owner", "databases")).takes(one)).isFalse();
    assertThat(matching(Map.of("port", "611", "alertname", "PortcurfewOpen")).takes(one)).isTrue();
  }

  private static ReceiverFilter matching(Map<String, String> labels) {
    return new ReceiverFilter(true, Severity.INFO, new TreeMap<>(labels));
  }
}
