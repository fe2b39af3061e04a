package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Severity;
import java.util.Map;
import java.util.TreeMap;
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
