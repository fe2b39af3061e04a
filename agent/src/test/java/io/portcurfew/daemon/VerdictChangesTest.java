package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictChangesTest {

  private static final Ruling ALLOWED = new Ruling(Verdict.ALLOWED, "web");
  private static final Ruling FOUND = new Ruling(Verdict.FINDING, "no-web");
  private static final Ruling UNLISTED = new Ruling(Verdict.UNLISTED, null);

  private static Endpoint port(int port) {
    return new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
  }

  private static Judgement judgement(Map<Endpoint, Ruling> rulings) {
    return new Judgement(rulings, List.of(), Map.of(), true);
  }

  @Test
  void changedVerdict_isALineWithItsRules() {
    Judgement before =
        judgement(
            Map.of(
                port(611), UNLISTED,
                port(80), ALLOWED,
                port(22), ALLOWED,
                port(25), FOUND));
    Judgement after =
        judgement(
            Map.of(
                port(611), new Ruling(Verdict.FINDING, "npmp-gui"),
                port(80), new Ruling(Verdict.FINDING, "web"),
                port(22), new Ruling(Verdict.ALLOWED, "another"),
                port(25), UNLISTED));
    assertThat(VerdictChanges.between(before, after))
        .containsExactly(
            "tcp 0.0.0.0:25: finding -> unlisted (rule no-web -> none)",
            "tcp 0.0.0.0:80: allowed -> finding (rule web)",
            "tcp 0.0.0.0:611: unlisted -> finding (rule none -> npmp-gui)");
  }

  @Test
  void theSameVerdictsAreNoLine() {
    Judgement judgement = judgement(Map.of(port(611), FOUND));
    assertThat(VerdictChanges.between(judgement, judgement)).isEmpty();
  }

  @Test
  void thousandVerdicts_areAHundredLinesAndACount() {
    Map<Endpoint, Ruling> before = new HashMap<>();
    Map<Endpoint, Ruling> after = new HashMap<>();
    for (int i = 1; i <= 1000; i++) {
      before.put(port(i), ALLOWED);
      after.put(port(i), FOUND);
    }
    assertThat(VerdictChanges.between(judgement(before), judgement(after)))
        .hasSize(101)
        .endsWith("and 900 more verdicts");
  }
}
