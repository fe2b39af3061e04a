package io.portcurfew.baseline;

import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.ActiveRules;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes a baseline of a snapshot: what the earlier one says and still fits stays, what else listens
 * gets a rule, and what the policy in force calls a finding gets none.
 */
public final class Learning {

  private Learning() {}

  /**
   * Learns.
   *
   * @param judgement what the policy in force says of the snapshot
   * @param learnsUnlisted whether what no rule names may be learnt where the default denies
   */
  public static LearnedBaseline of(
      LearningInput present, Snapshot snapshot, Judgement judgement, boolean learnsUnlisted) {
    LearnableListeners sieve = new LearnableListeners(present, snapshot, judgement, learnsUnlisted);
    List<Rule> kept = new PreviousBaseline(present, sieve, snapshot).kept();
    NewRules fresh = new NewRules(snapshot, taken(present, kept));
    List<Rule> rules = together(kept, fresh.of(undecided(kept, sieve, snapshot)));
    List<String> gaps =
        Stream.of(blind(snapshot), sieve.unsayable, fresh.gaps()).flatMap(List::stream).toList();
    return new LearnedBaseline(
        rules, kept.size(), sieve.notApproved, sieve.decided, sieve.clients.size(), gaps);
  }

  /** All names but those of learnt rules that go: a policy has each name once. */
  private static Set<String> taken(LearningInput present, List<Rule> kept) {
    Set<String> taken = new HashSet<>();
    present.policy().rules().forEach(rule -> taken.add(rule.name()));
    present.learnt().forEach(rule -> taken.remove(rule.name()));
    kept.forEach(rule -> taken.add(rule.name()));
    return taken;
  }

  private static List<Listener> undecided(
      List<Rule> kept, LearnableListeners sieve, Snapshot snapshot) {
    ActiveRules rules = new Policy(true, kept).at(snapshot.takenAt());
    return sieve.learnable.stream()
        .filter(listener -> rules.ruleAbout(listener.endpoint()).isEmpty())
        .toList();
  }

  /** Each new rule before the first kept one of a higher port; the kept ones in their order. */
  private static List<Rule> together(List<Rule> kept, List<Rule> fresh) {
    List<Rule> all = new ArrayList<>();
    int next = 0;
    for (Rule rule : kept) {
      while (next < fresh.size() && firstPort(fresh.get(next)) < firstPort(rule)) {
        all.add(fresh.get(next++));
      }
      all.add(rule);
    }
    all.addAll(fresh.subList(next, fresh.size()));
    return all;
  }

  private static int firstPort(Rule rule) {
    return rule.scope().ports().stream().mapToInt(PortRange::first).min().orElse(0);
  }

  private static List<String> blind(Snapshot snapshot) {
    if (snapshot.complete()) {
      return List.of();
    }
    List<String> why =
        snapshot.gaps().stream()
            .filter(Gap::hidesListeners)
            .map(gap -> gap.source() + ": " + gap.why())
            .toList();
    return why.isEmpty() ? List.of("no source could see every listener") : why;
  }
}
