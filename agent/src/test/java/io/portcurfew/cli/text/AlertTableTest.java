package io.portcurfew.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertTableTest {

  private static final Instant AT = Instant.parse("2026-11-23T01:02:03.456Z");

  private static Alert alert(int port, AlertState state) {
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.OPEN,
            "npmp-gui",
            NotifySettings.of(Severity.CRITICAL),
            endpoint,
            endpoint + " is open and should be closed; held by pid 475 (python3) as root",
            List.of(),
            List.of());
    return new Alert(
        "id" + port, state, finding, AT, state == AlertState.RESOLVED ? AT.plusSeconds(9) : null);
  }

  private static String table(int width) {
    Silence silence =
        new Silence(
            "5e1f", null, alert(611, AlertState.FIRING).finding().endpoint(), AT, AT, "", "");
    return AlertTable.of(
        List.of(alert(611, AlertState.FIRING), alert(8080, AlertState.RESOLVED)),
        new Silences(List.of(silence)),
        width);
  }

  @Test
  void terminal_hasNoLongerLines() {
    assertThat(table(80))
        .isEqualTo(
            """
            STATE             SEVERITY  SINCE                     WHAT
            firing, silenced  critical  2026-11-23T01:02:03.456Z  tcp 0.0.0.0:611
            resolved          critical  2026-11-23T01:02:03.456Z  tcp 0.0.0.0:8080
            """);
    assertThat(table(120).lines()).allMatch(line -> line.length() <= 120);
    assertThat(table(120)).contains("tcp 0.0.0.0:611 is open and should be closed\n");
  }

  @Test
  void pipe_hasEverything() {
    assertThat(table(0))
        .contains("KIND", "UNTIL", "2026-11-23T01:02:12.456Z")
        .contains("tcp 0.0.0.0:8080 is open and should be closed; held by pid 475 (python3)");
  }

  @Test
  void silences_fitTheTerminal() {
    Silence silence =
        new Silence(
            "5e1f", "npmp-gui", null, AT, AT, "anna", "a change with a long reason ".repeat(9));
    String table = SilenceText.table(List.of(silence), 80);
    assertThat(table.lines()).allMatch(line -> line.length() <= 80);
    assertThat(table).contains("5e1f", "rule npmp-gui", "a change wit...");
    assertThat(SilenceText.table(List.of(silence), 0)).contains(silence.comment().strip());
  }
}
