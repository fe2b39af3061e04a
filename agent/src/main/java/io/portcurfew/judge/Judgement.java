package io.portcurfew.judge;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.Trilean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The result of judging a snapshot.
 *
 * @param rulings one for each endpoint of the snapshot
 * @param findings the worst first
 * @param compliance for each rule by name, in the order of the policy: YES if the host complies,
 *     UNKNOWN if that could not be seen
 * @param complete true if every rule could be tested
 * @param socketRulings one for each place of a socket of another family
 * @param checks the open questions of the checks for hidden listeners
 * @param undecided the endpoints about which only the next scan knows all findings
 */
public record Judgement(
    Map<Endpoint, Ruling> rulings,
    List<Finding> findings,
    Map<String, Trilean> compliance,
    boolean complete,
    UndecidedChecks checks,
    Map<SocketPlace, Ruling> socketRulings,
    Set<Endpoint> undecided) {

  public Judgement {
    undecided = Set.copyOf(undecided);
  }

  /** A judgement after every check for hidden listeners. */
  public Judgement(
      Map<Endpoint, Ruling> rulings,
      List<Finding> findings,
      Map<String, Trilean> compliance,
      boolean complete) {
    this(rulings, findings, compliance, complete, UndecidedChecks.NONE, Map.of(), Set.of());
  }

  /** The same with checks that have not decided everything. */
  Judgement with(UndecidedChecks checks) {
    return new Judgement(rulings, findings, compliance, complete, checks, socketRulings, undecided);
  }

  /** The same with endpoints about which only the next scan knows all findings. */
  public Judgement undecided(Set<Endpoint> endpoints) {
    return new Judgement(rulings, findings, compliance, complete, checks, socketRulings, endpoints);
  }

  /** The same with other findings. */
  public Judgement with(List<Finding> others) {
    return new Judgement(
        rulings, List.copyOf(others), compliance, complete, checks, socketRulings, undecided);
  }

  /** The same with a finding about the agent, which comes last. */
  public Judgement and(Finding other) {
    List<Finding> all = new ArrayList<>(findings);
    all.add(other);
    return with(all);
  }

  /** True if there is no finding and every rule could be tested. */
  public boolean compliant() {
    return complete && findings.isEmpty();
  }

  /** True if the policy is known to be broken. */
  public boolean hasBreach() {
    return findings.stream().anyMatch(finding -> finding.kind().isBreach());
  }
}
