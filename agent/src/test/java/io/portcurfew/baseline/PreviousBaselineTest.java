package io.portcurfew.baseline;

import static io.portcurfew.baseline.LearningFixture.NC;
import static io.portcurfew.baseline.LearningFixture.SHIPPED;
import static io.portcurfew.baseline.LearningFixture.SSHD;
import static io.portcurfew.baseline.LearningFixture.learn;
import static io.portcurfew.baseline.LearningFixture.names;
import static io.portcurfew.judge.SampleListeners.allowed;
import static io.portcurfew.judge.SampleListeners.allowedBy;
import static io.portcurfew.judge.SampleListeners.allowing;
import static io.portcurfew.judge.SampleListeners.denying;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.required;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Judge;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules of the previous baseline when it is learned again. */
class PreviousBaselineTest {

  @Test
  void matchingRuleIsUnchanged() {
    Rule reviewed =
        new Rule(
            "remote-access",
            allowed("x", 22).scope(),
            allowed("x", 22).expect(),
            allowed("x", 22, new AddressTerm.Any()).terms(),
            NotifySettings.of(Severity.CRITICAL, "admins come in here"));
    LearnedBaseline baseline =
        learn(denying(reviewed), List.of(reviewed), seen(held(tcp("0.0.0.0", 22), SSHD)));
    assertThat(baseline.rules()).containsExactly(reviewed);
    assertThat(baseline.kept()).isEqualTo(1);
  }

  @Test
  void violatedActiveRuleIsKeptWithItsFinding() {
    Rule ssh = allowedBy("sshd-22", 22, new OwnerTerm("/usr/sbin/sshd", "root"));
    LearnedBaseline baseline =
        learn(denying(ssh), List.of(ssh), seen(held(tcp("0.0.0.0", 22), NC)));
    assertThat(baseline.rules()).containsExactly(ssh);
    assertThat(baseline.notApproved()).hasSize(1);
  }

  @Test
  void violatedInactiveRuleIsReplaced() {
    Rule ssh = allowedBy("sshd-22", 22, new OwnerTerm("/usr/sbin/sshd", "root"));
    Snapshot snapshot = seen(held(tcp("0.0.0.0", 22), NC));
    LearningInput input = new LearningInput(SHIPPED, List.of(), List.of(ssh));
    LearnedBaseline baseline =
        Learning.of(input, snapshot, Judge.judge(SHIPPED, snapshot, List.of()), false);
    assertThat(names(baseline)).containsExactly("nc-22");
  }

  @Test
  void previousFileCannotApproveAClosedPort() {
    for (Rule bad : List.of(allowed("nc-611", 611), required("nc-611", 611))) {
      Snapshot snapshot = seen(held(tcp("0.0.0.0", 611), NC));
      LearningInput input = new LearningInput(SHIPPED, List.of(), List.of(bad));
      LearnedBaseline baseline =
          Learning.of(input, snapshot, Judge.judge(SHIPPED, snapshot, List.of()), false);
      assertThat(baseline.rules()).isEmpty();
      assertThat(baseline.notApproved()).hasSize(1);
    }
  }

  @Test
  void ruleWithoutListenerIsDroppedUnlessRequired() {
    Rule gone = allowed("gone-80", 80);
    Rule wanted = required("wanted", 443);
    List<Rule> previous = List.of(gone, wanted);
    assertThat(learn(denying(gone, wanted), previous, seen()).rules()).containsExactly(wanted);
  }

  @Test
  void newRulesAreInsertedByPort() {
    Rule ssh = allowed("ssh", 22);
    Rule web = allowed("web", 443);
    LearnedBaseline baseline =
        learn(
            allowing(ssh, web),
            List.of(ssh, web),
            seen(
                held(tcp("0.0.0.0", 9), NC),
                held(tcp("0.0.0.0", 22), SSHD),
                held(tcp("0.0.0.0", 80), NC),
                held(tcp("0.0.0.0", 443), NC),
                held(tcp("0.0.0.0", 8080), NC)));
    assertThat(names(baseline)).containsExactly("nc-9", "ssh", "nc-80", "web", "nc-8080");
  }
}
