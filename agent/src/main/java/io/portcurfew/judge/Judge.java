package io.portcurfew.judge;

import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.ActiveRules;
import io.portcurfew.policy.FindingType;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.Trilean;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Judges a snapshot by a policy; pure. */
public final class Judge {

  private static final Comparator<Finding> AT_ONE_KIND =
      Comparator.comparing(Finding::endpoint, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Finding::socket, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Finding::rule);

  private final Policy policy;
  private final ActiveRules rules;
  private final Snapshot snapshot;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Endpoint, Ruling> rulings;
  private final Map<SocketPlace, Ruling> socketRulings = new HashMap<>();

  private Judge(Policy policy, Snapshot snapshot) {
    this.policy = policy;
    this.rules = policy.at(snapshot.takenAt());
    this.snapshot = snapshot;
    this.rulings = new HashMap<>(2 * snapshot.listeners().size());
  }

  /** Judges the snapshot together with the result of the cross-check. */
  public static Judgement judge(Policy policy, Snapshot snapshot, CrossCheck compared) {
    return judge(policy, snapshot, compared.hidden(), compared.unexplained(snapshot))
        .with(compared.undecided());
  }

  /**
   * Judges the snapshot.
   *
   * @param hidden listeners that a source missed three times in a row
   */
  public static Judgement judge(Policy policy, Snapshot snapshot, Collection<Disagreement> hidden) {
    return judge(policy, snapshot, hidden, List.of());
  }

  private static Judgement judge(
      Policy policy,
      Snapshot snapshot,
      Collection<Disagreement> hidden,
      List<Endpoint> unexplained) {
    Judge judge = new Judge(policy, snapshot);
    snapshot.listeners().forEach(judge::listener);
    snapshot.sockets().all().forEach(judge::socket);
    judge.hidden(hidden);
    unexplained.forEach(judge::unexplained);
    judge.required();
    judge.findings.addAll(BlindPlaces.of(snapshot));
    return judge.judgement();
  }

  /**
   * Judges single listeners. Other listeners, and missing ones, are not considered.
   *
   * @param snapshot the listeners
   */
  public static Judgement judgeListeners(Policy policy, Snapshot snapshot) {
    Judge judge = new Judge(policy, snapshot);
    snapshot.listeners().forEach(judge::listener);
    return judge.judgement();
  }

  /**
   * Judges a listener of the host that may have been in another network namespace instead. Its
   * findings are in doubt; those of rules that find the same there are left out.
   *
   * @param host an empty snapshot of the host
   * @param orElse the other namespace
   */
  public static List<Finding> inDoubt(
      Policy policy, Snapshot host, Listener listener, String orElse) {
    Set<String> there =
        judgeListeners(policy, host.with(List.of(listener.within(orElse)))).findings().stream()
            .map(Finding::rule)
            .collect(Collectors.toSet());
    return judgeListeners(policy, host.with(List.of(listener))).findings().stream()
        .filter(finding -> !there.contains(finding.rule()))
        .map(finding -> FindingFactory.placeUnknown(finding, orElse))
        .toList();
  }

  private void listener(Listener listener) {
    Optional<Rule> about = rules.ruleAbout(listener, snapshot);
    List<Finding> found =
        about.map(rule -> RuleJudge.of(rule, listener)).orElseGet(() -> unlisted(listener));
    String why = found.isEmpty() ? "" : expired(listener);
    found.forEach(finding -> findings.add(finding.saying(why)));
    Verdict verdict =
        !found.isEmpty() ? Verdict.FINDING : about.isPresent() ? Verdict.ALLOWED : Verdict.UNLISTED;
    rulings.put(listener.endpoint(), new Ruling(verdict, about.map(Rule::name).orElse(null)));
  }

  private void socket(OtherSocket socket) {
    Optional<Rule> about = rules.ruleAbout(socket);
    List<Finding> found =
        about
            .map(rule -> OtherSocketJudge.of(rule, socket))
            .orElseGet(() -> OtherSocketJudge.withoutRule(socket));
    findings.addAll(found);
    Verdict verdict =
        !found.isEmpty() ? Verdict.FINDING : about.isPresent() ? Verdict.ALLOWED : Verdict.UNLISTED;
    socketRulings.put(socket.place(), new Ruling(verdict, about.map(Rule::name).orElse(null)));
  }

  /** The addition to a finding that exists only because a rule expired; empty if it does not. */
  private String expired(Listener listener) {
    return rules
        .ranOutBefore(listener, snapshot)
        .filter(rule -> RuleJudge.of(rule, listener).isEmpty())
        .map(rule -> "; the rule " + rule.name() + ", which allowed it, expired on " + rule.until())
        .orElse("");
  }

  private List<Finding> unlisted(Listener listener) {
    boolean fine = policy.allowsUnlisted() || snapshot.isOfClient(listener);
    return fine
        ? List.of()
        : List.of(FindingFactory.unlisted(listener, rules.inDoubtAbout(listener)));
  }

  private void hidden(Collection<Disagreement> hidden) {
    Map<Endpoint, Disagreement> byEndpoint =
        hidden.stream().collect(Collectors.toMap(Disagreement::endpoint, Function.identity()));
    for (Listener listener : snapshot.listeners()) {
      Disagreement about = byEndpoint.get(listener.endpoint());
      if (about != null) {
        hidden(listener, about);
      }
    }
  }

  private void hidden(Listener listener, Disagreement disagreement) {
    Endpoint endpoint = listener.endpoint();
    Optional<Rule> rule = rules.ruleAbout(listener, snapshot);
    findings.add(FindingFactory.hidden(listener, disagreement, rule));
    rulings.put(endpoint, new Ruling(Verdict.FINDING, rule.map(Rule::name).orElse(null)));
  }

  private void unexplained(Endpoint port) {
    findings.add(FindingFactory.unexplained(port, rules.ruleAbout(port)));
  }

  private void required() {
    findings.addAll(RequiredListeners.missing(rules, snapshot));
  }

  private Judgement judgement() {
    findings.sort(Judge::worstFirst);
    boolean tested = findings.stream().allMatch(finding -> finding.kind().isBreach());
    return new Judgement(
        Collections.unmodifiableMap(rulings),
        List.copyOf(findings),
        compliance(),
        snapshot.complete() && tested,
        UndecidedChecks.NONE,
        Collections.unmodifiableMap(socketRulings),
        Set.of());
  }

  /** Severity and kind without a comparator, which is faster for thousands of findings. */
  private static int worstFirst(Finding one, Finding other) {
    int bySeverity = other.severity().compareTo(one.severity());
    int byKind = bySeverity != 0 ? bySeverity : FindingType.ORDER.compare(one.kind(), other.kind());
    return byKind != 0 ? byKind : AT_ONE_KIND.compare(one, other);
  }

  private Map<String, Trilean> compliance() {
    Map<String, Trilean> answers = new LinkedHashMap<>();
    for (Rule rule : rules.rules()) {
      RuleScope scope = rule.scope();
      boolean seen =
          scope.isAboutSockets()
              ? snapshot.sockets().covers(scope.sockets(), scope.namespace())
              : snapshot.covers(scope.protocols(), scope.namespace());
      answers.put(rule.name(), seen ? Trilean.YES : Trilean.UNKNOWN);
    }
    for (Finding finding : findings) {
      Trilean answer = finding.kind().isBreach() ? Trilean.NO : Trilean.UNKNOWN;
      answers.computeIfPresent(finding.rule(), (rule, before) -> before.and(answer));
    }
    return answers;
  }
}
