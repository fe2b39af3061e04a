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
 * Learns a baseline from a snapshot. Matching rules of the previous baseline are kept, other
 * listeners get a new rule, and listeners with a finding of the current policy get none.
 */
public final class Learning {

  /** Rules about sockets of other families have no ports and come last. */
  private static final int AFTER_PORTS = 65_536;

  private Learning() {}

  /**
   * Learns a baseline.
   *
   * @param judgement the judgement of the current policy on the snapshot
   * @param learnsUnlisted true if listeners that only the default denies may be learned
   */
  public static LearnedBaseline of(
      LearningInput input, Snapshot snapshot, Judgement judgement, boolean learnsUnlisted) {
    LearnableListeners listeners =
        new LearnableListeners(input, snapshot, judgement, learnsUnlisted);
    SocketLearning sockets = new SocketLearning(input, snapshot, judgement, learnsUnlisted);
    List<Rule> kept = new PreviousBaseline(input, listeners, sockets, snapshot).kept();
    NewRules fresh = new NewRules(snapshot, taken(input, kept), input.period());
    List<Rule> rules = new ArrayList<>(merge(kept, fresh.of(undecided(kept, listeners, snapshot))));
    rules.addAll(fresh.of(sockets, kept));
    List<String> gaps =
        Stream.of(blind(snapshot), past(input), listeners.inexpressible, fresh.gaps(), sockets.gaps)
            .flatMap(List::stream)
            .toList();
    return new LearnedBaseline(
        rules,
        kept.size(),
        both(listeners.notApproved, sockets.notApproved),
        both(listeners.decided, sockets.decided),
        listeners.clients.size(),
        gaps);
  }

  private static List<String> both(List<String> listeners, List<String> sockets) {
    return Stream.concat(listeners.stream(), sockets.stream()).toList();
  }

  /** The names in use: all but those of learned rules that are dropped. */
  private static Set<String> taken(LearningInput input, List<Rule> kept) {
    Set<String> taken = new HashSet<>();
    input.policy().rules().forEach(rule -> taken.add(rule.name()));
    input.learned().forEach(rule -> taken.remove(rule.name()));
    kept.forEach(rule -> taken.add(rule.name()));
    return taken;
  }

  private static List<Listener> undecided(
      List<Rule> kept, LearnableListeners learnable, Snapshot snapshot) {
    ActiveRules rules = new Policy(true, kept).at(snapshot.takenAt());
    return learnable.learnable.stream()
        .filter(listener -> rules.ruleAbout(listener, snapshot).isEmpty())
        .toList();
  }

  /** Inserts each new rule before the first kept rule with a higher port. */
  private static List<Rule> merge(List<Rule> kept, List<Rule> fresh) {
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
    return rule.scope().ports().stream().mapToInt(PortRange::first).min().orElse(AFTER_PORTS);
  }

  private static List<String> past(LearningInput input) {
    String gap = input.period().gap();
    return gap == null ? List.of() : List.of("history: " + gap);
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
