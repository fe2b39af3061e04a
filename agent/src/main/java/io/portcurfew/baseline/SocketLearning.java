package io.portcurfew.baseline;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.ActiveRules;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Learns rules about sockets of other families than TCP and UDP: one for each family and network
 * namespace, since the first rule about a family decides all of its sockets.
 */
final class SocketLearning {

  /** A rule without an owner would allow every program to take packets. */
  static final String NO_OWNER = "its owner was not seen";

  private final Snapshot snapshot;
  private final ActiveRules rules;
  private final Set<String> learnedNames;
  private final Map<SocketPlace, List<Finding>> findings;
  private final boolean learnsUnlisted;

  final List<OtherSocket> learnable = new ArrayList<>();
  final List<String> notApproved = new ArrayList<>();
  final List<String> decided = new ArrayList<>();
  final List<String> gaps = new ArrayList<>();

  /** The part of the host that one rule is about. */
  record FamilyKey(SocketPlace.Family family, String namespace) implements Comparable<FamilyKey> {

    private static final Comparator<FamilyKey> ORDER =
        Comparator.comparing(FamilyKey::family)
            .thenComparing(key -> !key.namespace().equals(Endpoint.HOST))
            .thenComparing(FamilyKey::namespace);

    static FamilyKey of(OtherSocket socket) {
      SocketPlace at = socket.place();
      return new FamilyKey(at.family(), StableNames.namespace(at.namespace()));
    }

    @Override
    public int compareTo(FamilyKey other) {
      return ORDER.compare(this, other);
    }
  }

  SocketLearning(
      LearningInput input, Snapshot snapshot, Judgement judgement, boolean learnsUnlisted) {
    this.snapshot = snapshot;
    this.rules = input.policy().at(snapshot.takenAt());
    this.learnedNames = input.learned().stream().map(Rule::name).collect(Collectors.toSet());
    this.findings =
        judgement.findings().stream()
            .filter(finding -> finding.socket() != null)
            .collect(Collectors.groupingBy(finding -> finding.socket()));
    this.learnsUnlisted = learnsUnlisted;
    snapshot.sockets().all().forEach(this::classify);
  }

  private void classify(OtherSocket socket) {
    SocketPlace at = socket.place();
    String why = obstacle(socket);
    Optional<Rule> rule = rules.ruleAbout(socket);
    if (why != null) {
      notApproved.add(at + " held by " + OwnerText.owners(socket.owners()) + ": " + why);
    } else if (rule.filter(other -> !learnedNames.contains(other.name())).isPresent()) {
      decided.add(at + ": the rule " + rule.get().name());
    } else if (hasNoName(socket)) {
      gaps.add(at + ": " + LearnableListeners.NO_NAME);
    } else {
      learnable.add(socket);
    }
  }

  private @Nullable String obstacle(OtherSocket socket) {
    return findings.getOrDefault(socket.place(), List.of()).stream()
        .map(finding -> LearnableListeners.obstacle(finding, learnsUnlisted))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(OwnerTerms.ofSockets(List.of(socket)).isEmpty() ? NO_OWNER : null);
  }

  static boolean hasNoName(OtherSocket socket) {
    String namespace = socket.place().namespace();
    return !StableNames.namespace(namespace).equals(namespace)
        && socket.owners().stream().anyMatch(StableNames::isInUnnamedContainer);
  }

  /**
   * True if a rule of the previous baseline stays: one about sockets that may still be there.
   *
   * @param active true if the current policy has the rule
   */
  boolean keeps(Rule rule, ActiveRules previous, boolean active) {
    List<OtherSocket> about =
        snapshot.sockets().all().stream()
            .filter(socket -> previous.ruleAbout(socket).filter(rule::equals).isPresent())
            .toList();
    boolean unseen = !snapshot.sockets().covers(rule.scope().sockets(), rule.scope().namespace());
    return StableNames.isStable(rule)
        && (about.isEmpty() ? unseen : active || about.stream().allMatch(rule::lets));
  }

  /** Returns the rules of the sockets that no kept rule decides. */
  List<Rule> rules(List<Rule> kept, RuleNames names, String reason) {
    ActiveRules known = new Policy(true, kept).at(snapshot.takenAt());
    Map<FamilyKey, List<OtherSocket>> groups = new TreeMap<>();
    for (OtherSocket socket : learnable) {
      if (known.ruleAbout(socket).isEmpty()) {
        groups.computeIfAbsent(FamilyKey.of(socket), key -> new ArrayList<>()).add(socket);
      }
    }
    return groups.entrySet().stream()
        .map(entry -> rule(entry.getKey(), entry.getValue(), names, reason))
        .toList();
  }

  /** The rule of these sockets of one family. */
  static Rule rule(FamilyKey key, List<OtherSocket> group, RuleNames names, String reason) {
    return new Rule(
        names.nextOfSockets(group),
        RuleScope.ofSockets(Set.of(key.family()), key.namespace(), List.of()),
        Expectation.ALLOWED,
        new RuleTerms(List.of(), OwnerTerms.ofSockets(group)),
        NotifySettings.of(Severity.WARNING, reason));
  }
}
