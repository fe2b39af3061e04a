package io.portcurfew.config;

import io.portcurfew.judge.Policy;

/**
 * Both files, read and without a problem.
 *
 * @param policySource where the policy comes from, for people: a path, or {@code shipped
 *     policy.yaml}
 */
public record Loaded(AgentConfig config, Policy policy, String policySource) {}
