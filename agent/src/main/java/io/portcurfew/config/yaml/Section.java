package io.portcurfew.config.yaml;

import io.portcurfew.config.yaml.Node.KeyValue;
import io.portcurfew.config.yaml.Node.Mapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping with a fixed set of keys. Opening it adds a problem for each unknown key. */
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
   * @param advice for likely wrong keys, the message that explains what to write instead
   */
  public static Optional<Section> of(Field field, List<String> keys, Map<String, String> advice) {
    String expected = "a mapping with the keys " + String.join(", ", keys);
    return field
        .mapping(expected)
        .map(
            mapping -> {
              mapping.entries().stream()
                  .map(KeyValue::key)
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

  /** The value of a key; empty, without a problem, if the key is absent. */
  public Optional<Field> optional(String key) {
    return mapping.entries().stream()
        .filter(entry -> entry.key().text().equals(key))
        .findFirst()
        .map(entry -> new Field(field.problems(), KeyPaths.key(field.path(), key), entry.value()));
  }

  /** The value of a key; adds a problem if the key is absent. */
  public Optional<Field> required(String key) {
    Optional<Field> value = optional(key);
    if (value.isEmpty()) {
      field.wrong("the key " + key + " is missing", presentKeys(), key, null);
    }
    return value;
  }

  /** The present keys as text for a problem. */
  public String presentKeys() {
    List<String> present = mapping.entries().stream().map(entry -> entry.key().text()).toList();
    return present.isEmpty() ? "no key" : "only " + VisibleText.text(String.join(", ", present));
  }
}
