package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.KeyPaths;
import io.portcurfew.config.yaml.Node;
import io.portcurfew.config.yaml.Position;
import io.portcurfew.config.yaml.Warning;
import io.portcurfew.policy.Rule;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rule and its place in its file.
 *
 * @param file the name of its file in problems
 * @param path its key path
 * @param at its position
 * @param keys the positions of the values of its keys
 */
record PlacedRule(
    Rule rule, String file, @Nullable String path, Position at, Map<String, Position> keys) {

  PlacedRule {
    keys = Map.copyOf(keys);
  }

  static PlacedRule of(Rule rule, Field field) {
    Map<String, Position> keys = new HashMap<>();
    if (field.node() instanceof Node.Mapping mapping) {
      mapping.entries().forEach(entry -> keys.put(entry.key().text(), entry.value().at()));
    }
    return new PlacedRule(rule, field.problems().file(), field.path(), field.node().at(), keys);
  }

  /** A warning about one of its keys. */
  Warning warning(String key, String what) {
    Position place = keys.getOrDefault(key, at);
    return new Warning(file, place.line(), place.column(), KeyPaths.key(path, key), what);
  }

  /** A warning about the whole rule. */
  Warning warning(String what) {
    return new Warning(file, at.line(), at.column(), path, what);
  }
}
