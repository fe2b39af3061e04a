package io.portcurfew.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.json.SocketExplanationJson;
import io.portcurfew.explain.SocketExplanation;
import io.portcurfew.judge.SampleListeners;
import io.portcurfew.judge.SampleSockets;
import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SocketExplanationTextTest {

  private static final Rule IDS =
      new Rule(
          "ids",
          RuleScope.ofSockets(Set.of(Family.PACKET), "host", List.of()),
          Expectation.ALLOWED,
          new RuleTerms(List.of(), List.of(new OwnerTerm("/tmp/<door>", "root"))),
          NotifySettings.of(Severity.WARNING));

  private static SocketExplanation explained(Family family, Rule... rules) {
    return SocketExplanation.of(family, SampleListeners.allowing(rules), SampleSockets.snapshot());
  }

  @Test
  void familyHasItsRulesAndSockets() {
    String text = SocketExplanationText.render(explained(Family.PACKET, IDS), 0);
    assertThat(text)
        .contains("Sockets of the family packet")
        .contains("ids: allowed by /tmp/<door> as root, in host")
        .contains("packet all on eth0: allowed by ids")
        .contains("held by pid[66] /tmp/<door> as root");
  }

  @Test
  void familyThatIsNotListedIsNotNone() {
    String text = SocketExplanationText.render(explained(Family.XDP), 0);
    assertThat(text).contains("Not listed in host: this kernel does not list them");
  }

  @Test
  void jsonHasVerdictAndRule() {
    assertThat(SocketExplanationJson.render(explained(Family.PACKET, IDS)))
        .contains("\"family\": \"packet\"", "\"verdict\": \"allowed\"", "\"rule\": \"ids\"");
  }

  @Test
  void nameOfAFamilyIsReadInAnyCase() {
    assertThat(SocketExplanation.named("Packet")).contains(Family.PACKET);
    assertThat(SocketExplanation.named("ssh")).isEmpty();
  }
}
