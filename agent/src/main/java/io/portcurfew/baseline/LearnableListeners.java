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

/** Separates the listeners for which a rule may be learned from all others. */
final class LearnableListeners {

  private static final String ANY_NAMESPACE = "any";
  static final String NO_NAME = "neither its network namespace nor its owner has a name that lasts";

  private final Snapshot snapshot;
  private final ActiveRules rules;
  private final Set<String> learnedNames;
  private final Map<Endpoint, List<Finding>> findings;
  private final boolean learnsUnlisted;

  final List<Listener> learnable = new ArrayList<>();
  final Set<Endpoint> approvable = new HashSet<>();
  final List<String> notApproved = new ArrayList<>();
  final List<String> decided = new ArrayList<>();
  final List<String> inexpressible = new ArrayList<>();
  final List<Listener> clients = new ArrayList<>();

  LearnableListeners(
      LearningInput input, Snapshot snapshot, Judgement judgement, boolean learnsUnlisted) {
    this.snapshot = snapshot;
    this.rules = input.policy().at(snapshot.takenAt());
    this.learnedNames = input.learned().stream().map(Rule::name).collect(Collectors.toSet());
    this.findings =
        judgement.findings().stream()
            .filter(finding -> finding.endpoint() != null)
            .collect(Collectors.groupingBy(finding -> finding.endpoint()));
    this.learnsUnlisted = learnsUnlisted;
    snapshot.listeners().forEach(this::classify);
    clientsBesideServers();
  }

  /** The rule of a server also judges clients on its port, so it must allow them too. */
  private void clientsBesideServers() {
    Set<RuleKey> keys = learnable.stream().map(RuleKey::of).collect(Collectors.toSet());
    List<Listener> beside =
        clients.stream()
            .filter(client -> RuleKey.of(client).coveringKeys().anyMatch(keys::contains))
            .toList();
    clients.removeAll(beside);
    beside.forEach(this::addIfNamed);
  }

  private void addIfNamed(Listener listener) {
    if (hasNoName(listener)) {
      inexpressible.add(listener.endpoint() + ": " + NO_NAME);
    } else {
      learnable.add(listener);
    }
  }

  private void classify(Listener listener) {
    Endpoint at = listener.endpoint();
    String why = obstacle(listener);
    if (why != null) {
      notApproved.add(at + " held by " + OwnerText.owners(listener) + ": " + why);
      return;
    }
    approvable.add(at);
    Optional<Rule> rule = rules.ruleAbout(listener, snapshot);
    if (rule.filter(other -> !learnedNames.contains(other.name())).isPresent()) {
      decided.add(at + ": the rule " + rule.get().name());
    } else if (rule.isEmpty() && snapshot.isOfClient(listener)) {
      clients.add(listener);
    } else if (at.address().cut()) {
      inexpressible.add(at + ": its address is incomplete");
    } else if (at.namespace().equals(ANY_NAMESPACE)) {
      inexpressible.add(at + ": a policy cannot express the name of its network namespace");
    } else {
      addIfNamed(listener);
    }
  }

  /** The owner has to be known in a namespace that no name singles out. */
  private static boolean hasNoName(Listener listener) {
    String namespace = listener.endpoint().namespace();
    if (StableNames.namespace(namespace).equals(namespace)) {
      return false;
    }
    return OwnerTerms.of(List.of(listener)).isEmpty()
        || listener.owners().stream().anyMatch(StableNames::isInUnnamedContainer);
  }

  private @Nullable String obstacle(Listener listener) {
    Endpoint at = listener.endpoint();
    Optional<Rule> expired = rules.ranOutBefore(listener, snapshot);
    if (expired.isPresent() && rules.ruleAbout(listener, snapshot).isEmpty()) {
      return "the rule " + expired.get().name() + ", which selected it, has expired";
    }
    return findings.getOrDefault(at, List.of()).stream()
        .map(finding -> obstacle(finding, learnsUnlisted))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(null);
  }

  /** The reason why a finding forbids to learn; empty if it does not. */
  static Optional<String> obstacle(Finding finding, boolean learnsUnlisted) {
    return learnsUnlisted && finding.kind() == FindingKind.UNLISTED
        ? Optional.empty()
        : Optional.of(text(finding));
  }

  private static String text(Finding finding) {
    return finding.kind() == FindingKind.UNLISTED
        ? "finding unlisted, because the default denies it (--unlisted learns it)"
        : finding.rule().equals(Policy.DEFAULT)
            ? "finding " + finding.kind().label()
            : "finding " + finding.kind().label() + " of the rule " + finding.rule();
  }
}
