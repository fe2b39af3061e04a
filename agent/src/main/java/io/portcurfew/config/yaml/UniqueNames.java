package io.portcurfew.config.yaml;

import java.util.HashMap;
import java.util.Map;

/**
 * Refuses duplicate names within a list, also across included files. It reads only the names, so an
 * item with other problems still keeps its name.
 */
public final class UniqueNames {

  private record Occurrence(String file, Position at) {}

  private final Map<String, Occurrence> first = new HashMap<>();

  /** Adds a problem if an item before this one has the same name. */
  public void check(Field item) {
    if (!(item.node() instanceof Node.Mapping mapping)) {
      return;
    }
    for (Node.KeyValue entry : mapping.entries()) {
      if (entry.key().text().equals("name") && entry.value() instanceof Node.Scalar name) {
        check(new Field(item.problems(), KeyPaths.key(item.path(), "name"), name), name);
      }
    }
  }

  private void check(Field field, Node.Scalar name) {
    String file = field.problems().file();
    Occurrence previous = first.putIfAbsent(name.text(), new Occurrence(file, name.at()));
    if (previous != null && !name.isNull()) {
      String where = previous.file().equals(file) ? "" : " of " + previous.file();
      field.wrong(
          "duplicate name",
          VisibleText.text(name.text()) + ", as on line " + previous.at().line() + where,
          "a unique name",
          null);
    }
  }
}
