package io.portcurfew.config;

import io.portcurfew.config.policy.PolicyOrigin;
import io.portcurfew.policy.Policy;

/**
 * Both files, read and without a problem.
 *
 * @param origin where the policy comes from
 */
public record LoadedConfig(AgentConfig config, Policy policy, PolicyOrigin origin) {

  /** Where the policy comes from, for people: a path, or {@code shipped policy.yaml}. */
  public String policySource() {
    return origin.name();
  }

  /** What names the policy in metrics and alerts, the same on every host: its origin's digest. */
  public String policyDigest() {
    return origin.digest();
  }

  /** The same policy with another config. */
  public LoadedConfig with(AgentConfig other) {
    return new LoadedConfig(other, policy, origin);
  }
}
