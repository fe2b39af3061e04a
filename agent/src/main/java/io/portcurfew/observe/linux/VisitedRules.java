package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.netlink.NftGeneration;
import io.portcurfew.observe.linux.reach.RulesetProbe;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rulesets of one network namespace as they were last read, and a socket in it that asks for
 * the number of the ruleset, so that a thread enters the namespace only after a change.
 *
 * @param generation {@code null} if the rulesets could not be read
 */
record VisitedRules(RulesetProbe.ProbedRules rules, @Nullable NftGeneration generation)
    implements AutoCloseable {

  /** Nothing was read yet. */
  static final VisitedRules NOTHING = new VisitedRules(RulesetProbe.ProbedRules.NOTHING, null);

  /** Returns true if they have no redirect and no gap. */
  boolean isPlain() {
    return rules.listeners().isEmpty() && rules.missing().isEmpty();
  }

  /**
   * Returns true if the ruleset of nftables has changed since it was read, and {@code null} if only
   * a visit can say so.
   */
  @Nullable Boolean haveChanged() {
    NftGeneration open = generation;
    try {
      return open == null ? null : Boolean.valueOf(!Objects.equals(open.current(), rules.number()));
    } catch (KernelException unknown) {
      return null;
    }
  }

  @Override
  public void close() {
    if (generation != null) {
      generation.close();
    }
  }
}
