package io.portcurfew.baseline;

import io.portcurfew.policy.Rule;
import java.util.List;

/**
 * The baseline learned from a snapshot.
 *
 * @param rules all rules, in the order of the file
 * @param kept the number of unchanged rules from the previous baseline
 * @param notApproved the listeners with a finding of the current policy, one line each
 * @param decided the listeners that another rule of the current policy allows, one line each
 * @param clients the number of sockets that look like UDP clients
 * @param gaps the gaps with their reasons, one line each
 */
public record LearnedBaseline(
    List<Rule> rules,
    int kept,
    List<String> notApproved,
    List<String> decided,
    int clients,
    List<String> gaps) {

  public LearnedBaseline {
    rules = List.copyOf(rules);
    notApproved = List.copyOf(notApproved);
    decided = List.copyOf(decided);
    gaps = List.copyOf(gaps);
  }
}
