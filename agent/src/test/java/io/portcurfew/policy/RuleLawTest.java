package io.portcurfew.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.explain.PortDecision;
import io.portcurfew.explain.RuleTrace;
import io.portcurfew.explain.TermCheck;
import io.portcurfew.explain.TraceStep;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.RandomRules;
import io.portcurfew.judge.Ruling;
import io.portcurfew.judge.SampleListeners;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of all rules and endpoints, tested on random ones. */
class RuleLawTest {

  private static final int PORTS = 24;
  private static final Instant NOW = RandomRules.TODAY.atTime(12, 0).toInstant(ZoneOffset.UTC);
  private static final List<String> NAMESPACES = List.of(Endpoint.HOST, "web", "other");
  private static final List<Endpoint> ENDPOINTS =
      IntStream.rangeClosed(1, PORTS)
          .boxed()
          .flatMap(
              port ->
                  NAMESPACES.stream()
                      .flatMap(
                          name ->
                              List.of(Protocol.values()).stream()
                                  .map(p -> new Endpoint(p, Address.ANY_IPV4, port, name))))
          .toList();

  private static List<Rule> counting(Policy policy) {
    return policy.rules().stream().filter(r -> r.countsOn(RandomRules.TODAY)).toList();
  }

  private static Optional<Rule> first(List<Rule> rules, Endpoint endpoint) {
    return rules.stream().filter(rule -> rule.isAbout(endpoint)).findFirst();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 20261123})
  void index_agreesWithASearchFromTheTop(long seed) {
    RandomRules random = new RandomRules(new Random(seed), PORTS);
    for (int i = 0; i < 2_000; i++) {
      Policy policy = random.policy(12);
      ActiveRules rules = policy.at(NOW);
      assertThat(rules.rules()).isEqualTo(counting(policy));
      for (Endpoint endpoint : ENDPOINTS) {
        assertThat(rules.ruleAbout(endpoint)).isEqualTo(first(counting(policy), endpoint));
        Optional<Rule> always = first(policy.rules(), endpoint);
        assertThat(rules.ranOutBefore(endpoint))
            .isEqualTo(always.filter(rule -> !rule.countsOn(RandomRules.TODAY)));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 20261123})
  void laterRule_changesNoDecidedEndpoint(long seed) {
    Random random = new Random(seed);
    RandomRules rules = new RandomRules(random, PORTS);
    for (int i = 0; i < 1_000; i++) {
      Policy before = rules.policy(6);
      List<Rule> more = new ArrayList<>(before.rules());
      more.add(rules.rule("later"));
      Policy after = new Policy(before.allowsUnlisted(), more);
      Snapshot snapshot = snapshot(random);
      Judgement first = Judge.judge(before, snapshot, List.of());
      Judgement second = Judge.judge(after, snapshot, List.of());
      for (Listener listener : snapshot.listeners()) {
        Endpoint at = listener.endpoint();
        if (before.at(NOW).ruleAbout(listener, snapshot).isPresent()) {
          assertThat(second.rulings().get(at)).isEqualTo(first.rulings().get(at));
          assertThat(about(second, at)).isEqualTo(about(first, at));
        }
      }
    }
  }

  private static List<Finding> about(Judgement judgement, Endpoint endpoint) {
    return judgement.findings().stream()
        .filter(
            finding -> endpoint.equals(finding.endpoint()) && finding.kind() != FindingKind.MISSING)
        .toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 20261123})
  void explainAndScanNeverDisagree(long seed) {
    Random random = new Random(seed);
    RandomRules rules = new RandomRules(random, PORTS);
    for (int i = 0; i < 1_000; i++) {
      Policy policy = rules.policy(8);
      Snapshot snapshot = snapshot(random);
      Judgement judgement = Judge.judge(policy, snapshot, List.of());
      for (Listener listener : snapshot.listeners()) {
        Endpoint at = listener.endpoint();
        Ruling ruling = judgement.rulings().get(at);
        Rule rule = PortDecision.of(at, policy, snapshot).rule();
        RuleTrace walk = RuleTrace.of(at, policy, snapshot, judgement);
        assertThat(ruling.rule()).isEqualTo(rule == null ? null : rule.name());
        assertThat(walk.decides().orElse(null)).isEqualTo(rule);
        assertThat(walk.ruling()).isEqualTo(ruling);
        assertThat(walk.steps()).extracting(TraceStep::rule).isEqualTo(policy.rules());
        walk.decides().ifPresent(decides -> assertTermsAreThose(decides, listener, walk));
      }
    }
  }

  /** The answers for each term agree with the answer for all of them. */
  private static void assertTermsAreThose(Rule rule, Listener listener, RuleTrace walk) {
    Trilean address =
        walk.checks().stream()
            .filter(check -> check.term().equals("address"))
            .map(TermCheck::holds)
            .reduce(Trilean::or)
            .orElse(Trilean.YES);
    assertThat(address).isEqualTo(rule.allow(listener));
    Trilean by = Trilean.NO;
    for (int i = 0; i < rule.terms().by().size(); i++) {
      String start = "by[" + i + "].";
      Trilean one =
          walk.checks().stream()
              .filter(check -> check.term().startsWith(start))
              .map(TermCheck::holds)
              .reduce(Trilean::and)
              .orElseThrow();
      by = by.or(one);
    }
    Trilean expected = rule.terms().accept(listener.owners());
    assertThat(rule.terms().by().isEmpty() ? Trilean.YES : by).isEqualTo(expected);
  }

  /** Over ports, protocols and namespaces that are few enough to try them all. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 20261123})
  void coveredRule_isFirstForNoEndpoint(long seed) {
    RandomRules random = new RandomRules(new Random(seed), PORTS);
    int covered = 0;
    for (int i = 0; i < 3_000; i++) {
      List<Rule> rules =
          random.policy(10).rules().stream()
              .filter(rule -> rule.until() == null && !rule.scope().selectsByOwner())
              .toList();
      for (RuleCoverage cover : RuleCoverage.of(rules)) {
        boolean decides =
            ENDPOINTS.stream().anyMatch(e -> first(rules, e).equals(Optional.of(cover.rule())));
        // Three names stand for any: of "a: b", which no endpoint here has, nothing can be tried.
        if (!"a: b".equals(cover.rule().scope().namespace())) {
          assertThat(cover.isWhole()).as("%s of %s", cover, rules).isEqualTo(!decides);
          covered += cover.isWhole() ? 1 : 0;
        }
      }
    }
    assertThat(covered).isGreaterThan(100);
  }

  private static Snapshot snapshot(Random random) {
    List<Listener> listeners = new ArrayList<>();
    for (Endpoint endpoint : ENDPOINTS) {
      if (random.nextInt(4) == 0) {
        listeners.add(listener(endpoint, random));
      }
    }
    return PlainSnapshots.of(NOW, true, listeners);
  }

  private static Listener listener(Endpoint endpoint, Random random) {
    List<Owner> owners =
        random.nextBoolean() ? List.of() : List.of(SampleListeners.owner(1, "/opt/x/a1", "root"));
    return new Listener(endpoint, null, owners, "sock_diag");
  }
}
