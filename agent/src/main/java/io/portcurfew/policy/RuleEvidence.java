package io.portcurfew.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts about a rule that an auditor asks for. They never decide anything and are no labels.
 *
 * @param controls the controls that the rule serves, like {@code pci-dss:2.2.4}
 * @param approvedBy the person or the ticket that approved the rule
 */
public record RuleEvidence(List<String> controls, @Nullable String approvedBy) {

  /** No facts. */
  public static final RuleEvidence NONE = new RuleEvidence(List.of(), null);

  public RuleEvidence {
    controls = List.copyOf(controls);
  }
}
