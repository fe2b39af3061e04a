package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import io.portcurfew.policytest.ExpectedJudgement;
import io.portcurfew.policytest.ExpectedJudgement.OneFinding;
import io.portcurfew.policytest.ExpectedJudgement.OneVerdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the expectations of a test. */
public final class ExpectedReader {

  static final List<String> KEYS = List.of("findings", "verdicts", "compliant");
  static final List<String> FINDING_KEYS = List.of("kind", "rule", "endpoint", "severity");
  static final List<String> VERDICT_KEYS = List.of("endpoint", "verdict", "rule");

  /** The kinds of findings that one snapshot and one policy can produce. */
  public static final List<FindingKind> KINDS =
      Stream.of(FindingKind.values()).filter(kind -> kind != FindingKind.HIDDEN).toList();

  private static final ChoiceReader<FindingKind> KIND =
      ChoiceReader.of(KINDS.toArray(FindingKind[]::new), FindingKind::label);
  private static final ChoiceReader<Severity> SEVERITY =
      ChoiceReader.of(Severity.values(), Severity::label);
  private static final ChoiceReader<Verdict> VERDICT =
      ChoiceReader.of(Verdict.values(), Verdict::label);
  private static final ChoiceReader<Boolean> COMPLIANT = ChoiceReader.yesOrNo();

  private ExpectedReader() {}

  /** Reads the section {@code expect}. */
  public static Optional<ExpectedJudgement> read(Field field) {
    return Section.of(field, KEYS).flatMap(section -> read(field, section));
  }

  private static Optional<ExpectedJudgement> read(Field field, Section section) {
    if (KEYS.stream().noneMatch(key -> section.optional(key).isPresent())) {
      field.wrong(
          "the test expects nothing",
          section.presentKeys(),
          "one or more of " + String.join(", ", KEYS),
          null);
    }
    Optional<List<OneFinding>> findings =
        section
            .optional("findings")
            .flatMap(list -> list.listOrEmpty("a list of findings, [] for none"))
            .map(items -> DistinctItems.read(items, ExpectedReader::finding));
    List<OneVerdict> verdicts =
        section
            .optional("verdicts")
            .flatMap(list -> list.list("a list of verdicts"))
            .map(items -> DistinctItems.read(items, ExpectedReader::verdict))
            .orElse(List.of());
    Optional<Boolean> compliant = section.optional("compliant").flatMap(COMPLIANT::read);
    return Optional.of(
        new ExpectedJudgement(findings.orElse(null), verdicts, compliant.orElse(null)));
  }

  private static Optional<OneFinding> finding(Field field) {
    return Section.of(field, FINDING_KEYS).flatMap(ExpectedReader::finding);
  }

  private static Optional<OneFinding> finding(Section section) {
    Optional<FindingKind> kind = section.required("kind").flatMap(KIND::read);
    Optional<String> rule = section.required("rule").flatMap(TextReader::name);
    Optional<Severity> severity = section.optional("severity").flatMap(SEVERITY::read);
    // A blind finding is about the whole host, so it may have no endpoint.
    boolean mayHaveNone = kind.filter(FindingKind.BLIND::equals).isPresent();
    Optional<Endpoint> endpoint =
        (mayHaveNone ? section.optional("endpoint") : section.required("endpoint"))
            .flatMap(EndpointReader::read);
    return kind.flatMap(
        what ->
            rule.map(
                name -> new OneFinding(what, name, endpoint.orElse(null), severity.orElse(null))));
  }

  private static Optional<OneVerdict> verdict(Field field) {
    return Section.of(field, VERDICT_KEYS).flatMap(ExpectedReader::verdict);
  }

  private static Optional<OneVerdict> verdict(Section section) {
    Optional<Endpoint> endpoint = section.required("endpoint").flatMap(EndpointReader::read);
    Optional<Verdict> verdict = section.required("verdict").flatMap(VERDICT::read);
    Optional<String> rule = section.optional("rule").flatMap(TextReader::name);
    return endpoint.flatMap(
        at -> verdict.map(decided -> new OneVerdict(at, decided, rule.orElse(null))));
  }
}
