package io.portcurfew.config.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads one word out of a few. */
public final class ChoiceReader<T> {

  private final Map<String, T> byWord;
  private final boolean bare;
  private final String expected;

  private ChoiceReader(Map<String, T> byWord, boolean bare) {
    this.byWord = byWord;
    this.bare = bare;
    this.expected = (bare ? "without quotes: " : "") + String.join(", ", byWord.keySet());
  }

  /** The labels of an enum. */
  public static <T> ChoiceReader<T> of(T[] values, Function<T, String> label) {
    Map<String, T> byWord = new LinkedHashMap<>();
    for (T value : values) {
      byWord.put(label.apply(value), value);
    }
    return new ChoiceReader<>(byWord, false);
  }

  /** Two words. */
  public static <T> ChoiceReader<T> of(String first, T firstValue, String second, T secondValue) {
    return new ChoiceReader<>(two(first, firstValue, second, secondValue), false);
  }

  /** {@code true} or {@code false}, and none of the other words that YAML readers take for them. */
  public static ChoiceReader<Boolean> yesOrNo() {
    return new ChoiceReader<>(two("true", true, "false", false), true);
  }

  private static <T> Map<String, T> two(String first, T firstValue, String second, T secondValue) {
    Map<String, T> byWord = new LinkedHashMap<>();
    byWord.put(first, firstValue);
    byWord.put(second, secondValue);
    return byWord;
  }

  public Optional<T> read(Field field) {
    return field.scalar(expected).flatMap(scalar -> read(field, scalar));
  }

  private Optional<T> read(Field field, Node.Scalar scalar) {
    T value = byWord.get(scalar.text());
    if (value != null && (scalar.plain() || !bare)) {
      return Optional.of(value);
    }
    String suggestion = Suggestion.of(scalar.text(), byWord.keySet()).orElse(null);
    field.wrong("not one of the words that may stand here", expected, suggestion);
    return Optional.empty();
  }
}
