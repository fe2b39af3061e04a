package io.portcurfew.baseline;

import static io.portcurfew.judge.SampleListeners.allowing;
import static io.portcurfew.judge.SampleListeners.closed;
import static io.portcurfew.judge.SampleListeners.owner;
import static io.portcurfew.judge.SampleListeners.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Judge;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.List;

/** Sample owners and policies for tests of learning. */
final class LearningFixture {

  static final Policy SHIPPED = allowing(closed("npmp-gui", 611));
  static final Owner SSHD = owner(700, "/usr/sbin/sshd", "root");
  static final Owner NC = owner(900, "/usr/bin/nc", "nobody");

  private LearningFixture() {}

  static LearnedBaseline learn(Policy policy, List<Rule> learned, Snapshot snapshot) {
    LearningInput input = new LearningInput(policy, learned);
    return Learning.of(input, snapshot, Judge.judge(policy, snapshot, List.of()), false);
  }

  static LearnedBaseline learn(Listener... listeners) {
    return learn(SHIPPED, List.of(), seen(listeners));
  }

  static List<String> names(LearnedBaseline baseline) {
    return baseline.rules().stream().map(Rule::name).toList();
  }

  static Rule only(LearnedBaseline baseline) {
    assertThat(baseline.rules()).hasSize(1);
    return baseline.rules().get(0);
  }
}
