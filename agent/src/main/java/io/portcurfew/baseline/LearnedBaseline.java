package io.portcurfew.baseline;

import io.portcurfew.policy.Rule;
import java.util.List;

/**
 * What was learnt from a snapshot.
 *
 * @param rules the whole baseline, in the order in which it is written
 * @param kept how many of the rules stood in the earlier baseline as they are
 * @param notApproved the listeners that the policy in force calls a finding, one line each
 * @param decided the listeners that another rule of the policy in force lets listen, one line each
 * @param clients how many sockets look like those of UDP clients
 * @param gaps what could not be learnt, and why, one line each; empty where all was seen
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
