package io.portcurfew.judge;

import static io.portcurfew.judge.SampleListeners.allowing;
import static io.portcurfew.judge.SampleListeners.closed;
import static io.portcurfew.judge.SampleListeners.denying;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.required;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.explain.PortDecision;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that run out. */
class UntilTest {

  private static final LocalDate LAST = LocalDate.of(2026, 11, 22);

  private static Rule until(Rule rule, LocalDate day) {
    return new Rule(
        rule.name(), rule.scope(), rule.expect(), rule.terms(), day, rule.notifySettings());
  }

  private static Judgement judge(Policy policy, Snapshot snapshot) {
    return Judge.judge(policy, snapshot, List.of());
  }

  private static Snapshot at(String time) {
    Snapshot s = seen(held(tcp("0.0.0.0", 611)));
    return new Snapshot(
        s.host(),
        Instant.parse(time),
        s.complete(),
        s.listeners(),
        s.gaps(),
        s.sources(),
        s.disagreements(),
        s.ephemeral());
  }

  @Test
  void ruleCountsThroughItsLastDay() {
    Policy policy = denying(until(SampleListeners.allowed("old", 611), LAST));
    assertThat(judge(policy, at("2026-11-22T23:59:59.999Z")).findings()).isEmpty();
    assertThat(judge(policy, at("2026-11-23T00:00:00Z")).findings())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.UNLISTED);
  }

  @Test
  void findingSinceARuleEnded_saysSo() {
    Rule old = until(SampleListeners.allowed("old", 611), LAST);
    String said = "; the rule old, which allowed it, expired on 2026-11-22";
    assertThat(judge(denying(old), at("2026-11-23T12:00:00Z")).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).endsWith(said));
    assertThat(judge(allowing(old, closed("shut", 611)), at("2026-11-23T12:00:00Z")).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).endsWith(said));
  }

  @Test
  void earlierFinding_doesNotNameTheEndedRule() {
    Rule terms = until(SampleListeners.allowed("old", 611, new AddressTerm.Loopback()), LAST);
    Rule later = until(SampleListeners.allowed("late", 611), LAST);
    for (Policy policy :
        List.of(
            denying(terms), allowing(closed("shut", 611), later), denying(closed("shut", 611)))) {
      assertThat(judge(policy, at("2026-11-23T12:00:00Z")).findings())
          .singleElement()
          .satisfies(finding -> assertThat(finding.message()).doesNotContain("ran out"));
    }
  }

  @Test
  void endedRule_requiresNothing() {
    Policy policy = allowing(until(required("old", 612), LAST));
    assertThat(judge(policy, at("2026-11-22T12:00:00Z")).findings()).hasSize(2);
    Judgement after = judge(policy, at("2026-11-23T12:00:00Z"));
    assertThat(after.findings()).isEmpty();
    assertThat(after.compliance()).isEmpty();
    assertThat(after.compliant()).isTrue();
  }

  @Test
  void explanationNamesBothRules() {
    Rule old = until(SampleListeners.allowed("old", 611), LAST);
    Rule now = until(closed("shut", 611), LAST.plusDays(30));
    PortDecision decision =
        PortDecision.of(tcp("0.0.0.0", 611), allowing(old, now), at("2026-11-23T12:00:00Z"));
    assertThat(decision.expects())
        .isEqualTo(
            "Nothing may listen, on any address. A listener is a finding (open, warning). The rule"
                + " is active until 2026-12-22, in UTC. The rule old decided before; it expired after"
                + " 2026-11-22.");
  }
}
