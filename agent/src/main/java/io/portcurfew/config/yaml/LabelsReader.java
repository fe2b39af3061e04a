package io.portcurfew.config.yaml;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the labels that a rule adds to alerts, and the labels that a receiver matches. */
public final class LabelsReader {

  /** The highest number of labels. */
  public static final int MOST = 16;

  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_VALUE = 200;
  private static final String EXPECTED = "a mapping of names to text, like {team: databases}";

  /** A label name of Prometheus, which reserves names that begin with two underscores. */
  private static final Pattern NAME = Pattern.compile("(?!__)[a-zA-Z_][a-zA-Z0-9_]*");

  private LabelsReader() {}

  /** Labels with any names. */
  public static SortedMap<String, String> readAny(Field field) {
    return read(field, Set.of());
  }

  /**
   * Labels without reserved names.
   *
   * @param reserved the names that every alert has already
   */
  public static SortedMap<String, String> read(Field field, Set<String> reserved) {
    SortedMap<String, String> labels = new TreeMap<>();
    List<Node.KeyValue> entries =
        field.mapping(EXPECTED).map(Node.Mapping::entries).orElse(List.of());
    if (entries.size() > MOST) {
      field.wrong("too many labels", "" + entries.size(), "at most " + MOST, null);
      return labels;
    }
    for (Node.KeyValue entry : entries) {
      String name = entry.key().text();
      checkName(field.below(entry, entry.key()), name, reserved);
      TextReader.line(field.below(entry, entry.value()), LONGEST_VALUE, "text in one line")
          .ifPresent(value -> labels.put(name, value));
    }
    return labels;
  }

  private static void checkName(Field key, String name, Set<String> reserved) {
    if (reserved.contains(name)) {
      key.wrong("every alert already has a label of this name", "another name");
    } else if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
      key.wrong(
          "not a valid label name",
          "1 to 64 of a-z, A-Z, 0-9 and _, not beginning with a digit or __");
    }
  }
}
