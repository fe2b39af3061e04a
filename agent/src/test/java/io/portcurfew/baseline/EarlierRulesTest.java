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

/** What of an earlier baseline stays when it is learnt again. */
class EarlierRulesTest {

  @Test
  void anEarlierRuleThatStillFitsStaysAsItIs() {
    Rule reviewed =
        new Rule(
            "remote-access",
            allowed("x", 22).scope(),
            allowed("x", 22).expect(),
            allowed("x", 22, new AddressTerm.Any()).terms(),
            NotifySettings.of(Severity.CRITICAL, "admins come in here"));
    LearnedBaseline learnt =
        learn(denying(reviewed), List.of(reviewed), seen(held(tcp("0.0.0.0", 22), SSHD)));
    assertThat(learnt.rules()).containsExactly(reviewed);
    assertThat(learnt.kept()).isEqualTo(1);
  }

  @Test
  void anEarlierRuleInForceThatSomebodyElseBreaksStaysAndTheFindingToo() {
    Rule ssh = allowedBy("sshd-22", 22, new OwnerTerm("/usr/sbin/sshd", "root"));
    LearnedBaseline learnt = learn(denying(ssh), List.of(ssh), seen(held(tcp("0.0.0.0", 22), NC)));
    assertThat(learnt.rules()).containsExactly(ssh);
    assertThat(learnt.notApproved()).hasSize(1);
  }

  @Test
  void anEarlierRuleThatIsNotInForceMakesRoomForWhatIsThere() {
    Rule ssh = allowedBy("sshd-22", 22, new OwnerTerm("/usr/sbin/sshd", "root"));
    Snapshot snapshot = seen(held(tcp("0.0.0.0", 22), NC));
    LearningInput present = new LearningInput(SHIPPED, List.of(), List.of(ssh));
    LearnedBaseline learnt =
        Learning.of(present, snapshot, Judge.judge(SHIPPED, snapshot, List.of()), false);
    assertThat(names(learnt)).containsExactly("nc-22");
  }

  @Test
  void anEarlierFileThatApprovesWhatThePolicyClosesIsNotBelieved() {
    for (Rule bad : List.of(allowed("nc-611", 611), required("nc-611", 611))) {
      Snapshot snapshot = seen(held(tcp("0.0.0.0", 611), NC));
      LearningInput present = new LearningInput(SHIPPED, List.of(), List.of(bad));
      LearnedBaseline learnt =
          Learning.of(present, snapshot, Judge.judge(SHIPPED, snapshot, List.of()), false);
      assertThat(learnt.rules()).isEmpty();
      assertThat(learnt.notApproved()).hasSize(1);
    }
  }

  @Test
  void aRuleGoesWithItsListenerUnlessItIsRequired() {
    Rule gone = allowed("gone-80", 80);
    Rule wanted = required("wanted", 443);
    List<Rule> earlier = List.of(gone, wanted);
    assertThat(learn(denying(gone, wanted), earlier, seen()).rules()).containsExactly(wanted);
  }

  @Test
  void newRulesStandBetweenThoseThatStayByTheirPorts() {
    Rule ssh = allowed("ssh", 22);
    Rule web = allowed("web", 443);
    LearnedBaseline learnt =
        learn(
            allowing(ssh, web),
            List.of(ssh, web),
            seen(
                held(tcp("0.0.0.0", 9), NC),
                held(tcp("0.0.0.0", 22), SSHD),
                held(tcp("0.0.0.0", 80), NC),
                held(tcp("0.0.0.0", 443), NC),
                held(tcp("0.0.0.0", 8080), NC)));
    assertThat(names(learnt)).containsExactly("nc-9", "ssh", "nc-80", "web", "nc-8080");
  }
}
