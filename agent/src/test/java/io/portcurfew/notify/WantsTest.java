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

class WantsTest {

  @ParameterizedTest
  @CsvSource({
    "INFO,INFO,true",
    "INFO,CRITICAL,true",
    "WARNING,INFO,false",
    "WARNING,WARNING,true",
    "CRITICAL,WARNING,false",
    "CRITICAL,CRITICAL,true"
  })
  void thisSeverityAndWorseIsWanted(Severity atLeast, Severity told, boolean wanted) {
    Notification one = Told.first("n1", Told.finding(told, Told.NPMP));
    assertThat(new Wants(true, atLeast, new TreeMap<>()).takes(one)).isEqualTo(wanted);
  }

  @Test
  void anAlertThatWasToldAsWorseIsWantedAlsoWhereItIsNoLonger() {
    Finding lowered = Told.finding(Severity.INFO, Told.NPMP);
    TreeSet<Severity> told = new TreeSet<>(List.of(Severity.INFO, Severity.CRITICAL));
    NotificationState course =
        new NotificationState(Told.NOON, List.of(), List.of(), false, null, null, told);
    Alert alert =
        new Alert("a1", AlertState.RESOLVED, lowered, Told.NOON, Told.NOON.plusMillis(1), course);
    Notification end = new Notification("n2", Reason.RESOLVED, alert, "web-1", "0123456789ab");
    assertThat(new Wants(true, Severity.CRITICAL, new TreeMap<>()).takes(end)).isTrue();
    assertThat(matching(Map.of("severity", "critical")).takes(end)).isTrue();
    assertThat(matching(Map.of("severity", "info")).takes(end)).isTrue();
    assertThat(matching(Map.of("severity", "warning")).takes(end)).isFalse();
  }

  @Test
  void theEndOfAnAlertIsWantedUnlessItIsNot() {
    assertThat(Wants.ALL.takes(Told.resolved())).isTrue();
    Wants beginnings = new Wants(false, Severity.INFO, new TreeMap<>());
    assertThat(beginnings.takes(Told.resolved())).isFalse();
    assertThat(beginnings.takes(Told.first())).isTrue();
  }

  @Test
  void allLabelsHaveToBeThereAndTheSame() {
    Notification one = Told.labelled(Map.of("team", "databases", "stage", "live"));
    assertThat(matching(Map.of("team", "databases")).takes(one)).isTrue();
    assertThat(matching(Map.of("team", "databases", "rule", "npmp-gui")).takes(one)).isTrue();
    assertThat(matching(Map.of("team", "databases", "stage", "test")).takes(one)).isFalse();
    assertThat(matching(Map.of("team", "database")).takes(one)).isFalse();
    assertThat(matching(Map.of("owner", "databases")).takes(one)).isFalse();
    assertThat(matching(Map.of("port", "611", "alertname", "PortcurfewOpen")).takes(one)).isTrue();
  }

  private static Wants matching(Map<String, String> labels) {
    return new Wants(true, Severity.INFO, new TreeMap<>(labels));
  }
}
