package io.portcurfew.policytest;

import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The expectations of a test. Absent parts are not checked.
 *
 * @param findings exactly these, in any order; {@code null} is not checked, an empty list expects
 *     no finding
 * @param verdicts the verdicts on some listeners; other listeners are not checked
 */
public record ExpectedJudgement(
    @Nullable List<OneFinding> findings, List<OneVerdict> verdicts, @Nullable Boolean compliant) {

  public ExpectedJudgement {
    findings = findings == null ? null : List.copyOf(findings);
    verdicts = List.copyOf(verdicts);
  }

  /**
   * An expected finding.
   *
   * @param rule its name, or {@code default}
   * @param endpoint {@code null} for one about the whole host
   * @param severity {@code null} is not checked
   */
  public record OneFinding(
      FindingKind kind, String rule, @Nullable Endpoint endpoint, @Nullable Severity severity) {}

  /**
   * An expected verdict on a listener.
   *
   * @param rule the deciding rule, or {@code default} if none decides; {@code null} is not checked
   */
  public record OneVerdict(Endpoint endpoint, Verdict verdict, @Nullable String rule) {}
}
