package io.portcurfew.config;

import io.portcurfew.judge.Policy;

/**
 * Both files, read and without a problem.
 *
 * @param origin where the policy comes from
 */
public record Loaded(AgentConfig config, Policy policy, PolicyOrigin origin) {

  /** Where the policy comes from, for people: a path, or {@code shipped policy.yaml}. */
  public String policySource() {
    return origin.name();
  }
}
