package io.portcurfew.config.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads one of a few words. */
public final class ChoiceReader<T> {

  private final Map<String, T> byWord;
  private final boolean unquoted;
  private final String expected;

  private ChoiceReader(Map<String, T> byWord, boolean unquoted) {
    this.byWord = byWord;
    this.unquoted = unquoted;
    this.expected = String.join(", ", byWord.keySet());
  }

  /** Allows the labels of an enum. */
  public static <T> ChoiceReader<T> of(T[] values, Function<T, String> label) {
    Map<String, T> byWord = new LinkedHashMap<>();
    for (T value : values) {
      byWord.put(label.apply(value), value);
    }
    return new ChoiceReader<>(byWord, false);
  }

  /** Allows two words. */
  public static <T> ChoiceReader<T> of(String first, T firstValue, String second, T secondValue) {
    return new ChoiceReader<>(two(first, firstValue, second, secondValue), false);
  }

  /** Allows {@code true} and {@code false}, not the other booleans of YAML 1.1 such as yes. */
  public static ChoiceReader<Boolean> yesOrNo() {
    return new ChoiceReader<>(two("true", true, "false", false), true);
  }

  private static <T> Map<String, T> two(String first, T firstValue, String second, T secondValue) {
    Map<String, T> byWord = new LinkedHashMap<>();
    byWord.put(first, firstValue);
    byWord.put(second, secondValue);
    return byWord;
  }

  /** Reads a word; adds a problem and returns nothing if it is not allowed. */
  public Optional<T> read(Field field) {
    return field.scalar(expected).flatMap(scalar -> read(field, scalar));
  }

  private Optional<T> read(Field field, Node.Scalar scalar) {
    T value = byWord.get(scalar.text());
    if (value != null && (scalar.plain() || !unquoted)) {
      return Optional.of(value);
    }
    if (value != null) {
      field.wrong("remove the quotes: " + scalar.text());
      return Optional.empty();
    }
    String suggestion = Suggestion.of(scalar.text(), byWord.keySet()).orElse(null);
    field.wrong("invalid value", expected, suggestion);
    return Optional.empty();
  }
}
