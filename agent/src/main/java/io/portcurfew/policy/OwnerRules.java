package io.portcurfew.policy;

import io.portcurfew.observe.Listener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules that select listeners by their owners. Rules are added in their order. */
final class OwnerRules {

  private final List<RuleIndex.Placed> rules = new ArrayList<>(0);

  void add(int place, Rule rule) {
    rules.add(new RuleIndex.Placed(place, rule));
  }

  /**
   * The first rule that selects the listener, if it is before the other one.
   *
   * @param other the first of the rules that select by endpoint
   */
  RuleIndex.@Nullable Placed about(Listener listener, RuleIndex.@Nullable Placed other) {
    for (RuleIndex.Placed placed : rules) {
      if (other != null && other.place() < placed.place()) {
        return other;
      }
      if (placed.rule().isAbout(listener)) {
        return placed;
      }
    }
    return other;
  }

  /** The first rule that would select the listener if its owner were known well enough. */
  @Nullable Rule inDoubt(Listener listener) {
    for (RuleIndex.Placed placed : rules) {
      if (placed.rule().scope().selects(listener) == Trilean.UNKNOWN) {
        return placed.rule();
      }
    }
    return null;
  }
}
