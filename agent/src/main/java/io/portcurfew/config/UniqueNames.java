package io.portcurfew.config;

import java.util.HashMap;
import java.util.Map;

/**
 * Refuses a name that an earlier item of the list has. It looks at the names alone, so an item that
 * is wrong elsewhere still holds its name.
 */
final class UniqueNames {

  private final Map<String, Position> first = new HashMap<>();

  void check(Field item) {
    if (!(item.node() instanceof Node.Mapping mapping)) {
      return;
    }
    for (Node.Entry entry : mapping.entries()) {
      if (entry.key().text().equals("name") && entry.value() instanceof Node.Scalar name) {
        check(new Field(item.problems(), Paths.key(item.path(), "name"), name), name);
      }
    }
  }

  private void check(Field field, Node.Scalar name) {
    Position earlier = first.putIfAbsent(name.text(), name.at());
    if (earlier != null && !name.isNull()) {
      field.wrong(
          "the name is taken",
          Visible.text(name.text()) + ", as on line " + earlier.line(),
          "a name of its own",
          null);
    }
  }
}
