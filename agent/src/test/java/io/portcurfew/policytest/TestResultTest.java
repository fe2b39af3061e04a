package io.portcurfew.policytest;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import io.portcurfew.policytest.ExpectedJudgement.OneFinding;
import io.portcurfew.policytest.ExpectedJudgement.OneVerdict;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TestResultTest {

  private static final Endpoint AT_611 = Endpoint.parse("tcp 0.0.0.0:611").orElseThrow();
  private static final Endpoint AT_612 = Endpoint.parse("tcp 0.0.0.0:612").orElseThrow();
  private static final Policy POLICY =
      new Policy(true, List.of(closed("npmp-gui", 611), closed("hmmp-ind", 612)));

  private static Rule closed(String name, int port) {
    RuleScope scope =
        new RuleScope(List.of(new PortRange(port, port)), EnumSet.allOf(Protocol.class));
    return new Rule(
        name, scope, Expectation.CLOSED, RuleTerms.NONE, NotifySettings.of(Severity.WARNING));
  }

  private static List<String> run(ExpectedJudgement expected, Endpoint... listening) {
    List<Listener> listeners =
        Stream.of(listening).map(at -> new Listener(at, null, List.of(), "test")).toList();
    Snapshot snapshot = PlainSnapshots.of(Instant.EPOCH, true, listeners);
    TestResult result = TestResult.of(POLICY, new PolicyTest("a", 3, snapshot, expected));
    assertThat(result.passed()).isEqualTo(result.mismatches().isEmpty());
    return result.mismatches().stream()
        .map(one -> one.topic() + ": " + one.expected() + " | " + one.actual())
        .toList();
  }

  private static ExpectedJudgement findings(OneFinding... findings) {
    return new ExpectedJudgement(Arrays.asList(findings), List.of(), null);
  }

  private static OneFinding open(String rule, Endpoint at) {
    return new OneFinding(FindingKind.OPEN, rule, at, null);
  }

  private static ExpectedJudgement verdict(Endpoint at, Verdict verdict, String rule) {
    return new ExpectedJudgement(null, List.of(new OneVerdict(at, verdict, rule)), null);
  }

  @Test
  void absentExpectationsAreNotChecked() {
    assertThat(run(new ExpectedJudgement(null, List.of(), null), AT_611)).isEmpty();
    assertThat(run(verdict(AT_611, Verdict.FINDING, null), AT_611, AT_612)).isEmpty();
    assertThat(run(findings(open("npmp-gui", AT_611)), AT_611)).isEmpty();
  }

  @Test
  void findingsMatchInAnyOrder() {
    assertThat(run(findings(open("hmmp-ind", AT_612), open("npmp-gui", AT_611)), AT_611, AT_612))
        .isEmpty();
    assertThat(run(findings(open("npmp-gui", AT_611)), AT_611, AT_612))
        .containsExactly("finding: null | open [hmmp-ind] tcp 0.0.0.0:612");
    assertThat(run(findings(), AT_611))
        .containsExactly("finding: null | open [npmp-gui] tcp 0.0.0.0:611");
    assertThat(run(findings(open("npmp-gui", AT_611))))
        .containsExactly("finding: open [npmp-gui] tcp 0.0.0.0:611 | null");
  }

  @Test
  void findingsOfOneEndpointArePaired() {
    OneFinding exposed = new OneFinding(FindingKind.EXPOSED, "npmp-gui", AT_611, Severity.CRITICAL);
    assertThat(run(findings(exposed, open("npmp-gui", AT_612)), AT_612, AT_611))
        .containsExactly(
            "finding: critical exposed [npmp-gui] tcp 0.0.0.0:611"
                + " | warning open [npmp-gui] tcp 0.0.0.0:611",
            "finding: open [npmp-gui] tcp 0.0.0.0:612 | open [hmmp-ind] tcp 0.0.0.0:612");
  }

  @Test
  void givenSeverityIsChecked() {
    OneFinding critical = new OneFinding(FindingKind.OPEN, "npmp-gui", AT_611, Severity.CRITICAL);
    assertThat(run(findings(critical), AT_611))
        .containsExactly(
            "finding: critical open [npmp-gui] tcp 0.0.0.0:611"
                + " | warning open [npmp-gui] tcp 0.0.0.0:611");
  }

  @Test
  void verdictIsCheckedWithItsRule() {
    Endpoint other = Endpoint.parse("tcp 0.0.0.0:22").orElseThrow();
    assertThat(run(verdict(other, Verdict.UNLISTED, Policy.DEFAULT), other)).isEmpty();
    assertThat(run(verdict(AT_611, Verdict.FINDING, "hmmp-ind"), AT_611))
        .containsExactly(
            "verdict: finding [hmmp-ind] tcp 0.0.0.0:611"
                + " | finding [npmp-gui] tcp 0.0.0.0:611");
    assertThat(run(verdict(other, Verdict.ALLOWED, null), other))
        .containsExactly("verdict: allowed tcp 0.0.0.0:22 | unlisted tcp 0.0.0.0:22");
    assertThat(run(verdict(other, Verdict.UNLISTED, null), AT_611))
        .containsExactly("verdict: unlisted tcp 0.0.0.0:22 | null");
  }

  @Test
  void everyMismatchIsListed() {
    ExpectedJudgement expected =
        new ExpectedJudgement(
            List.of(), List.of(new OneVerdict(AT_611, Verdict.ALLOWED, null)), true);
    assertThat(run(expected, AT_611))
        .containsExactly(
            "finding: null | open [npmp-gui] tcp 0.0.0.0:611",
            "verdict: allowed tcp 0.0.0.0:611 | finding tcp 0.0.0.0:611",
            "compliant: true | false");
  }
}
