package io.portcurfew.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.ConfigFiles;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.policy.PolicyText;
import io.portcurfew.config.policy.ProofPlatform;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.RandomRules;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.ActiveRules;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Trilean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties of learned baselines on random hosts, checked through the written files. */
class LearningPropertyTest {

  private static final int TIMES = 150;

  @TempDir private Path folder;
  private Path policy;

  @BeforeEach
  void name() {
    policy = folder.resolve("policy.yaml");
  }

  /** A denying policy of these rules that includes the baseline. */
  private LoadedConfig denying(LearnedBaseline baseline, List<Rule> rules) throws IOException {
    Files.writeString(folder.resolve("baseline.yaml"), LearnedPolicyText.of(baseline));
    String text = PolicyText.of(new Policy(false, rules), List.of());
    Files.writeString(policy, text.replaceFirst("\nrules:", "\ninclude: [baseline.yaml]\nrules:"));
    ReadResult<LoadedConfig> read =
        new ConfigFiles(folder.resolve("none.yaml"), cron -> Optional.empty()).load(null, policy);
    assertThat(read).as(LearnedPolicyText.of(baseline)).isInstanceOf(ReadResult.Good.class);
    return ((ReadResult.Good<LoadedConfig>) read).value();
  }

  private static LearnedBaseline learn(Policy policy, List<Rule> learned, Snapshot snapshot) {
    Judgement judgement = Judge.judge(policy, snapshot, List.of());
    return Learning.of(new LearningInput(policy, learned), snapshot, judgement, false);
  }

  /** The same host without the listeners that cannot be learned, because nothing names them. */
  private static Snapshot named(Snapshot all) {
    String nameless =
        learn(new Policy(true, List.of()), List.of(), all).gaps().stream()
            .filter(gap -> gap.endsWith("has a name that lasts"))
            .collect(Collectors.joining("\n", "\n", ""));
    List<Listener> named =
        all.listeners().stream()
            .filter(listener -> !nameless.contains("\n" + listener.endpoint() + ": neither"))
            .toList();
    return all.with(named);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 20261123})
  void unchangedHostHasNoFindingsAndNoDifferences(long seed) throws IOException {
    RandomHost host = new RandomHost(new Random(seed));
    for (int i = 0; i < TIMES; i++) {
      Snapshot snapshot = named(host.snapshot());
      LearnedBaseline baseline = learn(new Policy(true, List.of()), List.of(), snapshot);
      LoadedConfig loaded = denying(baseline, List.of());
      assertThat(loaded.policy().rules()).isEqualTo(baseline.rules());
      assertThat(loaded.origin().learned()).isEqualTo(baseline.rules());
      // Where no user could be learned, a term is about the file alone.
      assertThat(loaded.origin().warnings(RandomRules.TODAY, ProofPlatform.ANY))
          .allMatch(warning -> warning.toString().endsWith(" needs a user too."));
      assertThat(Judge.judge(loaded.policy(), snapshot, List.of()).findings())
          .as(LearnedPolicyText.of(baseline))
          .isEmpty();
      DriftReport differences =
          Comparison.drift(loaded.policy(), loaded.origin().learned(), snapshot, CrossCheck.NONE);
      assertThat(differences).isEqualTo(new DriftReport(List.of(), List.of(), List.of(), true));
      LearnedBaseline again = learn(loaded.policy(), loaded.origin().learned(), snapshot);
      assertThat(again.rules()).isEqualTo(baseline.rules());
    }
  }

  /** Learning removes only findings of the default. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 20261123})
  void listenerWithAFindingIsNotLearned(long seed) throws IOException {
    Random random = new Random(seed);
    RandomHost host = new RandomHost(random);
    RandomRules rules = new RandomRules(random, 12);
    int refused = 0;
    for (int i = 0; i < TIMES; i++) {
      Policy before = rules.policy(5);
      Snapshot snapshot = host.snapshot();
      List<Rule> previous =
          random.nextBoolean()
              ? List.of()
              : learn(new Policy(true, List.of()), List.of(), host.snapshot()).rules();
      Judgement first = Judge.judge(before, snapshot, List.of());
      LearningInput input = new LearningInput(before, List.of(), previous);
      LearnedBaseline baseline = Learning.of(input, snapshot, first, false);
      refused += baseline.notApproved().size();
      Judgement second =
          Judge.judge(denying(baseline, before.rules()).policy(), snapshot, List.of());
      assertThat(second.findings()).containsAll(first.findings());
      for (Listener listener : snapshot.listeners()) {
        boolean isNew = baseline.rules().stream().anyMatch(r -> r.isAbout(listener.endpoint()));
        boolean wasFine =
            first.findings().stream().noneMatch(f -> listener.endpoint().equals(f.endpoint()));
        if (isNew) {
          assertThat(wasFine).isTrue();
        }
      }
    }
    assertThat(refused).isGreaterThan(50);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 20261123})
  void learnedRulesAllowOnlyObservedListeners(long seed) {
    RandomHost host = new RandomHost(new Random(seed));
    for (int i = 0; i < TIMES; i++) {
      Snapshot snapshot = named(host.snapshot());
      List<Rule> learned = learn(new Policy(true, List.of()), List.of(), snapshot).rules();
      ActiveRules rules = new Policy(true, learned).at(snapshot.takenAt());
      for (Rule rule : learned) {
        List<Listener> about =
            snapshot.listeners().stream()
                .filter(l -> rules.ruleAbout(l.endpoint()).filter(rule::equals).isPresent())
                .toList();
        assertThat(about).isNotEmpty().allMatch(rule::lets);
        assertThat(rule.expect()).isEqualTo(Expectation.ALLOWED);
        assertThat(rule.terms().addresses())
            .allMatch(
                term ->
                    about.stream()
                        .anyMatch(l -> term.allows(l.endpoint().address()) == Trilean.YES));
      }
    }
  }

  /** A diff reports exactly the closed and the opened listeners. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 20261123})
  void diffReportsFindingsAndUnusedRules(long seed) {
    Random random = new Random(seed);
    RandomHost host = new RandomHost(random);
    for (int i = 0; i < TIMES; i++) {
      LearnedBaseline baseline = learn(new Policy(true, List.of()), List.of(), host.snapshot());
      Policy policy = new Policy(true, baseline.rules());
      Snapshot later = host.snapshot();
      DriftReport differences = Comparison.drift(policy, baseline.rules(), later, CrossCheck.NONE);
      List<Object> found = new ArrayList<>();
      Judge.judge(new Policy(false, policy.rules()), later, List.of())
          .findings()
          .forEach(finding -> found.add(finding.endpoint()));
      List<Rule> idle =
          baseline.rules().stream()
              .filter(r -> later.listeners().stream().noneMatch(l -> r.isAbout(l.endpoint())))
              .toList();
      List<Object> reported = new ArrayList<>();
      differences.untested().forEach(finding -> reported.add(finding.endpoint()));
      differences.all().stream()
          .filter(difference -> difference.change() != Drift.DriftKind.MISSING)
          .forEach(difference -> reported.add(difference.endpoint()));
      assertThat(reported).hasSameElementsAs(found);
      assertThat(differences.all())
          .filteredOn(difference -> difference.change() == Drift.DriftKind.MISSING)
          .extracting(Drift::rule)
          .containsExactlyInAnyOrderElementsOf(idle);
    }
  }
}
