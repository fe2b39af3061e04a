package io.portcurfew.config.yaml;

import java.util.List;
import java.util.Set;

/** A part of a YAML document as it is written; what a scalar means is for its reader to say. */
public sealed interface Node {

  /** Where it begins. */
  Position at();

  /**
   * A single value.
   *
   * @param plain whether it stands without quotes, so that YAML may take it for a number
   */
  record Scalar(Position at, String text, boolean plain) implements Node {

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    public boolean isNull() {
      return plain && NULLS.contains(text);
    }
  }

  /** A list. */
  record Sequence(Position at, List<Node> items) implements Node {}

  /** Keys and values; no key comes twice. */
  record Mapping(Position at, List<Entry> entries) implements Node {}

  /** One key of a mapping. */
  record Entry(Scalar key, Node value) {}

  /** Something that was refused and told already; whoever meets it says nothing more. */
  record Refused(Position at) implements Node {}
}
