package io.portcurfew.config;

import io.portcurfew.config.policy.PolicyOrigin;
import io.portcurfew.policy.Policy;
import io.portcurfew.web.access.WebAccess;

/**
 * A valid config, its policy and its web configuration.
 *
 * @param origin the source of the policy
 * @param access the protection of the web server
 */
public record LoadedConfig(
    AgentConfig config, Policy policy, PolicyOrigin origin, WebAccess access) {

  /** The source of the policy as shown to people: a path, or {@code shipped policy.yaml}. */
  public String policySource() {
    return origin.name();
  }

  /** The digest that identifies the policy in metrics and alerts, equal on every host. */
  public String policyDigest() {
    return origin.digest();
  }

  /** The same files with another protection of the web server. */
  public LoadedConfig with(WebAccess other) {
    return new LoadedConfig(config, policy, origin, other);
  }

  /** The same policy with another config. */
  public LoadedConfig with(AgentConfig other) {
    return new LoadedConfig(other, policy, origin, access);
  }
}
