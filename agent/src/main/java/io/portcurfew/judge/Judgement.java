package io.portcurfew.judge;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.policy.Trilean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the policy says of a snapshot.
 *
 * @param rulings one an endpoint of the snapshot
 * @param findings the worst first
 * @param compliance for each rule by name, in the order of the policy, whether it holds; UNKNOWN
 *     where that could not be seen
 * @param complete whether all that the policy asks about could be seen
 */
public record Judgement(
    Map<Endpoint, Ruling> rulings,
    List<Finding> findings,
    Map<String, Trilean> compliance,
    boolean complete) {

  /** The same with a finding that comes from elsewhere than from the host; said last. */
  public Judgement and(Finding other) {
    List<Finding> all = new ArrayList<>(findings);
    all.add(other);
    return new Judgement(rulings, List.copyOf(all), compliance, complete);
  }

  /** Whether all is as the policy expects and nothing was hidden from us. */
  public boolean compliant() {
    return complete && findings.isEmpty();
  }

  /** Whether the policy is known to be broken. */
  public boolean hasBreach() {
    return findings.stream().anyMatch(finding -> finding.kind().isBreach());
  }
}
