package io.portcurfew.config.yaml;

import java.util.List;
import java.util.Set;

/** A part of a YAML document as it is written. A scalar is text: its reader interprets it. */
public sealed interface Node {

  /** The position of its first character. */
  Position at();

  /**
   * A single value.
   *
   * @param plain true if it has no quotes, so that YAML may parse it as a number
   */
  record Scalar(Position at, String text, boolean plain) implements Node {

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    /** True if YAML 1.2 parses the value as null. */
    public boolean isNull() {
      return plain && NULLS.contains(text);
    }
  }

  /** A list. */
  record Sequence(Position at, List<Node> items) implements Node {}

  /** Keys and values; the keys are unique. */
  record Mapping(Position at, List<KeyValue> entries) implements Node {}

  /** One key of a mapping. */
  record KeyValue(Scalar key, Node value) {}

  /** A refused value, whose problem is already listed; readers add no other. */
  record Invalid(Position at) implements Node {}
}
