package io.portcurfew.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerdictTableTest {

  private final List<Listener> listeners = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Endpoint, Ruling> rulings = new HashMap<>();

  private void open(int port, String rule, String program) {
    Owner owner =
        new Owner(
            4000 + port % 1000,
            HostText.of(program),
            HostText.of("/usr/bin/" + program),
            HostText.of("root"),
            0L);
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
    listeners.add(new Listener(endpoint, null, List.of(owner), "sock_diag"));
    rulings.put(endpoint, new Ruling(Verdict.FINDING, rule));
    findings.add(
        Finding.ofEndpoint(
            FindingKind.OPEN,
            rule,
            NotifySettings.of(Severity.WARNING),
            endpoint,
            endpoint + " is open and should be closed; held by " + owner,
            List.of(owner),
            List.of()));
  }

  private String rendered(TableView view) {
    Snapshot snapshot = PlainSnapshots.of(Instant.EPOCH, true, listeners);
    Judgement judgement = new Judgement(rulings, findings, Map.of(), true);
    return new VerdictTable(snapshot, judgement, view).render();
  }

  private static TableView terminal(boolean all) {
    return new TableView(100, false, all, Set.of(), "", false, Map.of());
  }

  @Test
  void twoHundredFindingsOfOneProgram_areOneWithACount() {
    open(22, "default", "sshd");
    for (int port = 20_000; port < 20_200; port++) {
      open(port, "default", "media");
    }
    assertThat(rendered(terminal(false)))
        .isEqualTo(
            """
            NOT COMPLIANT: web-1, 1970-01-01T00:00:00.000Z, 201 listeners, 201 findings

            WARNING open [default] tcp 0.0.0.0:22 is open and should be closed; held by pid 4022 (sshd)
                /usr/bin/sshd as root

            WARNING open [default] tcp 0.0.0.0:20000 is open and should be closed; held by pid 4000 (media)
                /usr/bin/media as root
              and 199 more of the same program and rule, on ports 20001 to 20199; --all prints each.

            PROTO  ADDRESS  PORT               VERDICT  RULE     OWNER
            tcp    0.0.0.0  22                 finding  default  sshd[4022] /usr/bin/sshd as root
            tcp    0.0.0.0  20000-20199 (200)  finding  default  media[4000] /usr/bin/media as root
            Listeners that differ only in port and pid are folded; --all shows each.

            Sources:
            """);
  }

  @Test
  void longPath_isNotBrokenByTheTerminal() {
    String program = "a-program-with-quite-a-long-name/".repeat(3) + "x";
    open(8080, "default", program);
    TableView view = new TableView(80, false, false, Set.of(), "", false, Map.of());
    assertThat(rendered(view)).contains("\n    /usr/bin/" + program + "\n    as root\n");
  }

  @Test
  void findingOfAnotherRuleAmongThem_standsAlone() {
    for (int port = 600; port < 620; port++) {
      open(port, port == 611 ? "npmp-gui" : "default", "media");
    }
    assertThat(rendered(terminal(false)))
        .contains("WARNING open [npmp-gui] tcp 0.0.0.0:611 is open")
        .contains("and 18 more of the same program and rule, on ports 601 to 619")
        .containsPattern("(?m)^tcp +0.0.0.0 +611 +finding +npmp-gui");
  }

  @Test
  void allAndPipe_printEachFinding() {
    for (int port = 20_000; port < 20_200; port++) {
      open(port, "default", "media");
    }
    assertThat(rendered(terminal(true)).lines().filter(l -> l.startsWith("WARNING"))).hasSize(200);
    assertThat(rendered(TableView.WHOLE).lines().filter(l -> l.startsWith("WARNING"))).hasSize(200);
  }

  @Test
  void ownerFilter_leavesOutFindingsOfOthers() {
    open(22, "default", "sshd");
    open(80, "default", "nginx");
    TableView view = new TableView(100, false, false, Set.of(), "nginx", false, Map.of());
    assertThat(rendered(view)).contains("2 findings", "0.0.0.0:80 is").doesNotContain("0.0.0.0:22");
  }
}
