package io.portcurfew.config;

import io.portcurfew.config.policy.PolicyOrigin;
import io.portcurfew.policy.ExecutableLinks;
import io.portcurfew.policy.Policy;
import io.portcurfew.web.access.WebAccess;
import org.jspecify.annotations.Nullable;

/**
 * A valid config, its policy and its web configuration.
 *
 * @param origin the source of the policy
 * @param access the protection of the web server
 * @param bundle the bundle of the policy; {@code null} if no bundle is configured
 * @param links the links of this host that the policy follows
 */
public record LoadedConfig(
    AgentConfig config,
    Policy policy,
    PolicyOrigin origin,
    WebAccess access,
    @Nullable ActiveBundle bundle,
    ExecutableLinks links) {

  /** A config whose policy is not from a bundle. */
  public LoadedConfig(AgentConfig config, Policy policy, PolicyOrigin origin, WebAccess access) {
    this(config, policy, origin, access, null);
  }

  /** A config whose policy follows no links. */
  public LoadedConfig(
      AgentConfig config,
      Policy policy,
      PolicyOrigin origin,
      WebAccess access,
      @Nullable ActiveBundle bundle) {
    this(config, policy, origin, access, bundle, ExecutableLinks.NONE);
  }

  /** The same files, whose policy follows the links of this host. */
  public LoadedConfig following(ExecutableLinks found) {
    return new LoadedConfig(config, policy.following(found), origin, access, bundle, found);
  }

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
    return new LoadedConfig(config, policy, origin, other, bundle, links);
  }

  /** The same policy with another config. */
  public LoadedConfig with(AgentConfig other) {
    return new LoadedConfig(other, policy, origin, access, bundle, links);
  }

  /** The SHA-256 of the active bundle's archive; {@code null} if no bundle is active. */
  public @Nullable String digestOfBundle() {
    return bundle == null ? null : bundle.digest();
  }

  /** The reason why the configured bundle is not active; {@code null} if it is, or none is set. */
  public @Nullable String bundleProblem() {
    return bundle == null ? null : bundle.problem();
  }

  /** This config, with the earlier policy if the configured bundle is not active. */
  public LoadedConfig keepingPolicyOf(LoadedConfig before) {
    ActiveBundle wanted = bundle;
    if (wanted == null || wanted.problem() == null) {
      return this;
    }
    ActiveBundle kept = before.bundle == null ? wanted : before.bundle.insteadOf(wanted);
    return new LoadedConfig(config, before.policy, before.origin, access, kept, before.links);
  }
}
