package io.portcurfew.report;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.NamespaceGroup;
import io.portcurfew.policy.Rule;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time of the period in which a place was not seen.
 *
 * @param namespace the network namespace, or {@code others} for several; {@code null} for the whole
 *     host
 * @param why the reason, one sentence
 */
public record UnseenTime(Instant from, Instant to, @Nullable String namespace, String why) {

  /** A restart of the agent or of the host takes less. */
  static final Duration TOLERATED = Duration.ofMinutes(10);

  /** The time in which no agent ran. */
  public static UnseenTime ofPause(Instant from, Instant to) {
    return new UnseenTime(from, to, null, "the agent did not run");
  }

  /** True if a rule that complied before and after it may have been broken for a while. */
  boolean isLong() {
    return Duration.between(from, to).compareTo(TOLERATED) > 0;
  }

  /** True if the rule may select something in this place. */
  boolean concerns(Rule rule) {
    String wanted = rule.scope().namespace();
    return namespace == null
        || NamespaceGroup.matches(wanted, namespace)
        || (namespace.equals(NamespaceGroup.OTHERS.label()) && !Endpoint.HOST.equals(wanted));
  }

  @Override
  public String toString() {
    return "from %s to %s: %s".formatted(from, to, why);
  }
}
