package io.portcurfew.config.yaml;

import io.portcurfew.config.yaml.Node.Entry;
import io.portcurfew.config.yaml.Node.Mapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping of which the keys are known; unknown ones are told when it is opened. */
public final class Section {

  private final Field field;
  private final Mapping mapping;

  private Section(Field field, Mapping mapping) {
    this.field = field;
    this.mapping = mapping;
  }

  /** Opens a mapping with these keys. */
  public static Optional<Section> of(Field field, List<String> keys) {
    return of(field, keys, Map.of());
  }

  /**
   * Opens a mapping with these keys.
   *
   * @param advice for keys that people will try although they are not known, what to do instead
   */
  public static Optional<Section> of(Field field, List<String> keys, Map<String, String> advice) {
    String expected = "a mapping with the keys " + String.join(", ", keys);
    return field
        .mapping(expected)
        .map(
            mapping -> {
              mapping.entries().stream()
                  .map(Entry::key)
                  .filter(key -> !keys.contains(key.text()))
                  .forEach(key -> unknown(field, key, keys, advice));
              return new Section(field, mapping);
            });
  }

  private static void unknown(
      Field field, Node.Scalar key, List<String> keys, Map<String, String> advice) {
    String why = advice.get(key.text());
    field
        .problems()
        .add(
            key.at(),
            KeyPaths.key(field.path(), key.text()),
            why == null ? "unknown key" : why,
            VisibleText.text(key.text()),
            String.join(", ", keys),
            why == null ? Suggestion.of(key.text(), keys).orElse(null) : null);
  }

  /** The value of a key; nothing, and no problem, where it is left out. */
  public Optional<Field> optional(String key) {
    return mapping.entries().stream()
        .filter(entry -> entry.key().text().equals(key))
        .findFirst()
        .map(entry -> new Field(field.problems(), KeyPaths.key(field.path(), key), entry.value()));
  }

  /** The value of a key that may not be left out. */
  public Optional<Field> required(String key) {
    Optional<Field> value = optional(key);
    if (value.isEmpty()) {
      field.wrong("the key " + key + " is missing", keysThere(), key, null);
    }
    return value;
  }

  /** The keys that are there, in words. */
  public String keysThere() {
    List<String> there = mapping.entries().stream().map(entry -> entry.key().text()).toList();
    return there.isEmpty() ? "no key" : "only " + VisibleText.text(String.join(", ", there));
  }
}
