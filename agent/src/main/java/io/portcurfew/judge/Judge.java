package io.portcurfew.judge;

import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds a snapshot against a policy; pure. */
public final class Judge {

  private static final Comparator<Finding> WORST_FIRST =
      Comparator.comparing(Finding::severity, Comparator.reverseOrder())
          .thenComparing(Finding::kind)
          .thenComparing(Finding::endpoint, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Finding::rule);

  private final Policy policy;
  private final Snapshot snapshot;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Endpoint, Ruling> rulings = new TreeMap<>();

  private Judge(Policy policy, Snapshot snapshot) {
    this.policy = policy;
    this.snapshot = snapshot;
  }

  /** What the policy says of the snapshot, and of what the sources were found to hide. */
  public static Judgement judge(Policy policy, Snapshot snapshot, CrossCheck compared) {
    return judge(policy, snapshot, compared.hidden(), compared.unexplained(snapshot));
  }

  /**
   * What the policy says of the snapshot.
   *
   * @param hidden listeners of which two looks in a row have shown that a source does not tell of
   *     them
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
    judge.hidden(hidden);
    unexplained.forEach(judge::unexplained);
    policy.rules().forEach(judge::required);
    if (!snapshot.complete()) {
      judge.findings.add(Findings.blind(snapshot));
    }
    return judge.judgement();
  }

  private void listener(Listener listener) {
    Optional<Rule> about = policy.ruleAbout(listener.endpoint());
    List<Finding> found =
        about.map(rule -> Terms.check(rule, listener)).orElseGet(() -> unlisted(listener));
    findings.addAll(found);
    Verdict verdict =
        !found.isEmpty() ? Verdict.FINDING : about.isPresent() ? Verdict.ALLOWED : Verdict.UNLISTED;
    rulings.put(listener.endpoint(), new Ruling(verdict, about.map(Rule::name).orElse(null)));
  }

  private List<Finding> unlisted(Listener listener) {
    boolean fine = policy.allowsUnlisted() || snapshot.isEphemeral(listener);
    return fine ? List.of() : List.of(Findings.unlisted(listener));
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
    String rule = ruleAbout(endpoint);
    findings.add(Findings.hidden(listener, disagreement, rule));
    rulings.put(endpoint, new Ruling(Verdict.FINDING, rule));
  }

  private void unexplained(Endpoint port) {
    findings.add(Findings.unexplained(port, ruleAbout(port)));
  }

  private @Nullable String ruleAbout(Endpoint endpoint) {
    return policy.ruleAbout(endpoint).map(Rule::name).orElse(null);
  }

  /**
   * What an incomplete snapshot does not show may be there all the same, so only a complete one
   * misses anything.
   */
  private void required(Rule rule) {
    if (rule.expect() == Expect.REQUIRED && snapshot.complete()) {
      Required.missing(rule, policy, snapshot).forEach(findings::add);
    }
  }

  private Judgement judgement() {
    findings.sort(WORST_FIRST);
    boolean tested = findings.stream().allMatch(finding -> finding.kind().isBreach());
    return new Judgement(
        Map.copyOf(rulings), List.copyOf(findings), compliance(), snapshot.complete() && tested);
  }

  private Map<String, Answer> compliance() {
    Answer unlessFound = snapshot.complete() ? Answer.YES : Answer.UNKNOWN;
    Map<String, Answer> answers = new LinkedHashMap<>();
    policy.rules().forEach(rule -> answers.put(rule.name(), unlessFound));
    for (Finding finding : findings) {
      Answer answer = finding.kind().isBreach() ? Answer.NO : Answer.UNKNOWN;
      answers.computeIfPresent(finding.rule(), (rule, before) -> before.and(answer));
    }
    return answers;
  }
}
