package io.portcurfew.baseline;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.ActiveRules;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parts the listeners that a rule may be learnt for from all others. */
final class LearnableListeners {

  private static final String ANY_NAMESPACE = "any";

  private final Snapshot snapshot;
  private final ActiveRules rules;
  private final Set<String> learntNames;
  private final Map<Endpoint, List<Finding>> findings;
  private final boolean learnsUnlisted;

  final List<Listener> learnable = new ArrayList<>();
  final Set<Endpoint> approvable = new HashSet<>();
  final List<String> notApproved = new ArrayList<>();
  final List<String> decided = new ArrayList<>();
  final List<String> unsayable = new ArrayList<>();
  final List<Listener> clients = new ArrayList<>();

  LearnableListeners(
      LearningInput present, Snapshot snapshot, Judgement judgement, boolean learnsUnlisted) {
    this.snapshot = snapshot;
    this.rules = present.policy().at(snapshot.takenAt());
    this.learntNames = present.learnt().stream().map(Rule::name).collect(Collectors.toSet());
    this.findings =
        judgement.findings().stream()
            .filter(finding -> finding.endpoint() != null)
            .collect(Collectors.groupingBy(finding -> finding.endpoint()));
    this.learnsUnlisted = learnsUnlisted;
    snapshot.listeners().forEach(this::sort);
    clientsBesideServers();
  }

  /** A rule about their port would judge them too, so it has to be theirs as well. */
  private void clientsBesideServers() {
    Set<RuleKey> places = learnable.stream().map(RuleKey::of).collect(Collectors.toSet());
    clients.stream().filter(client -> places.contains(RuleKey.of(client))).forEach(learnable::add);
    clients.removeAll(learnable);
  }

  private void sort(Listener listener) {
    Endpoint at = listener.endpoint();
    String why = whyNotApproved(at);
    if (why != null) {
      notApproved.add(at + " held by " + OwnerText.owners(listener) + ": " + why);
      return;
    }
    approvable.add(at);
    Optional<Rule> rule = rules.ruleAbout(at);
    if (rule.filter(other -> !learntNames.contains(other.name())).isPresent()) {
      decided.add(at + ": the rule " + rule.get().name());
    } else if (rule.isEmpty() && snapshot.isEphemeral(listener)) {
      clients.add(listener);
    } else if (at.address().cut()) {
      unsayable.add(at + ": its address was cut");
    } else if (at.namespace().equals(ANY_NAMESPACE)) {
      unsayable.add(at + ": a policy cannot say the name of its network namespace");
    } else {
      learnable.add(listener);
    }
  }

  private @Nullable String whyNotApproved(Endpoint at) {
    Optional<Rule> late = rules.ranOutBefore(at);
    if (late.isPresent() && rules.ruleAbout(at).isEmpty()) {
      return "the rule " + late.get().name() + ", which was about it, ran out";
    }
    return findings.getOrDefault(at, List.of()).stream()
        .filter(finding -> !(learnsUnlisted && finding.kind() == FindingKind.UNLISTED))
        .findFirst()
        .map(LearnableListeners::words)
        .orElse(null);
  }

  private static String words(Finding finding) {
    return finding.kind() == FindingKind.UNLISTED
        ? "finding unlisted, since the default denies (--unlisted learns it)"
        : finding.rule().equals(Policy.DEFAULT)
            ? "finding " + finding.kind().label()
            : "finding " + finding.kind().label() + " of the rule " + finding.rule();
  }
}
