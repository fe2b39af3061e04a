package io.portcurfew.policy;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The type of a finding: a kind of finding about the host, or a condition of the agent itself. */
public sealed interface FindingType permits FindingKind, AgentCondition {

  /** Findings about the host come first, each enum in the order of its declaration. */
  Comparator<FindingType> ORDER =
      Comparator.comparing(FindingType::isAboutHost)
          .reversed()
          .thenComparingInt(FindingType::ordinal);

  /** Every type, in {@link #ORDER}. */
  static List<FindingType> all() {
    return Stream.concat(
            Stream.<FindingType>of(FindingKind.values()), Stream.of(AgentCondition.values()))
        .toList();
  }

  /**
   * The type of this {@link #name}, as the database has it.
   *
   * @throws IllegalArgumentException if there is none
   */
  static FindingType named(String name) {
    return all().stream()
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown type of finding: " + name));
  }

  /** The name in the database. */
  String name();

  /** The place in its enum. */
  int ordinal();

  /** The name in JSON and labels. */
  String label();

  /**
   * True for a finding about the host: only a scan of the host can show that it is over. The agent
   * knows its own conditions without one.
   */
  boolean isAboutHost();

  /**
   * True if the policy is known to be broken. The other findings say that it could not be tested:
   * alone they make a scan incomplete (exit status 3), not wrong (1).
   */
  boolean isBreach();
}
