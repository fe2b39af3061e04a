package io.portcurfew.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counters by outcome that have series only while the config uses their feature. */
final class OptionalCounters {

  private final MeterRegistry registry;
  private final String name;
  private final String help;
  private final List<String> outcomes;
  private final Map<String, Counter> byOutcome = new HashMap<>();

  OptionalCounters(MeterRegistry registry, String name, String help, List<String> outcomes) {
    this.registry = registry;
    this.name = name;
    this.help = help;
    this.outcomes = List.copyOf(outcomes);
  }

  /** Adds all counters with 0, keeps those that are there, or removes all. */
  void configured(boolean used) {
    if (used) {
      outcomes.forEach(outcome -> byOutcome.computeIfAbsent(outcome, this::register));
    } else {
      new ArrayList<>(byOutcome.values()).forEach(registry::remove);
      byOutcome.clear();
    }
  }

  private Counter register(String outcome) {
    return Counter.builder(name).description(help).tag("outcome", outcome).register(registry);
  }

  /**
   * Counts one; nothing if the feature has left the config, whose last outcome may come late.
   *
   * @return true if it was counted
   */
  boolean increment(String outcome) {
    Counter counter = byOutcome.get(outcome);
    if (counter == null) {
      return false;
    }
    counter.increment();
    return true;
  }
}
