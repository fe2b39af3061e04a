package io.portcurfew.policytest;

import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a test expects of the judgement; what it leaves out it does not ask.
 *
 * @param findings exactly these, in any order; {@code null} asks nothing, an empty list that there
 *     is none
 * @param verdicts those of some listeners; of others nothing is asked
 */
public record ExpectedJudgement(
    @Nullable List<OneFinding> findings, List<OneVerdict> verdicts, @Nullable Boolean compliant) {

  public ExpectedJudgement {
    findings = findings == null ? null : List.copyOf(findings);
    verdicts = List.copyOf(verdicts);
  }

  /**
   * A finding.
   *
   * @param rule its name, or {@code default}
   * @param endpoint {@code null} for one about the whole host
   * @param severity {@code null} does not ask
   */
  public record OneFinding(
      FindingKind kind, String rule, @Nullable Endpoint endpoint, @Nullable Severity severity) {}

  /**
   * What is decided about a listener.
   *
   * @param rule that decides, or {@code default} where none does; {@code null} does not ask
   */
  public record OneVerdict(Endpoint endpoint, Verdict verdict, @Nullable String rule) {}
}
