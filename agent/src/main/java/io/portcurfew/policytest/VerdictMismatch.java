package io.portcurfew.policytest;

import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.policy.Policy;
import io.portcurfew.policytest.ExpectedJudgement.OneVerdict;
import java.util.Map;
import java.util.Optional;

/** Compares an expected verdict with the actual one. */
final class VerdictMismatch {

  private VerdictMismatch() {}

  static Optional<Mismatch> between(OneVerdict wanted, Map<Endpoint, Ruling> got) {
    Ruling ruling = got.get(wanted.endpoint());
    if (ruling == null) {
      return Optional.of(new Mismatch("verdict", text(wanted, wanted), null));
    }
    String rule = ruling.rule() == null ? Policy.DEFAULT : ruling.rule();
    OneVerdict decided = new OneVerdict(wanted.endpoint(), ruling.verdict(), rule);
    boolean same = wanted.rule() == null || wanted.rule().equals(rule);
    return same && wanted.verdict() == ruling.verdict()
        ? Optional.empty()
        : Optional.of(new Mismatch("verdict", text(wanted, wanted), text(decided, wanted)));
  }

  /** Omits the rule if the expectation does not name one. */
  private static String text(OneVerdict verdict, OneVerdict asked) {
    String rule = asked.rule() == null ? "" : " [" + verdict.rule() + "]";
    return verdict.verdict().label() + rule + " " + verdict.endpoint();
  }
}
