package io.portcurfew.config;

import io.portcurfew.config.policy.PolicyOrigin;
import io.portcurfew.policy.Policy;

/**
 * A valid config and its policy.
 *
 * @param origin the source of the policy
 */
public record LoadedConfig(AgentConfig config, Policy policy, PolicyOrigin origin) {

  /** The source of the policy as shown to people: a path, or {@code shipped policy.yaml}. */
  public String policySource() {
    return origin.name();
  }

  /** The digest that identifies the policy in metrics and alerts, equal on every host. */
  public String policyDigest() {
    return origin.digest();
  }

  /** The same policy with another config. */
  public LoadedConfig with(AgentConfig other) {
    return new LoadedConfig(other, policy, origin);
  }
}
