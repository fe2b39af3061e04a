package io.portcurfew.config.yaml;

import java.util.HashMap;
import java.util.Map;

/**
 * Refuses a name that an earlier item has, of the same list or of the same list in a file read
 * before. It looks at the names alone, so an item that is wrong elsewhere still holds its name.
 */
public final class UniqueNames {

  private record Place(String file, Position at) {}

  private final Map<String, Place> first = new HashMap<>();

  public void check(Field item) {
    if (!(item.node() instanceof Node.Mapping mapping)) {
      return;
    }
    for (Node.Entry entry : mapping.entries()) {
      if (entry.key().text().equals("name") && entry.value() instanceof Node.Scalar name) {
        check(new Field(item.problems(), KeyPaths.key(item.path(), "name"), name), name);
      }
    }
  }

  private void check(Field field, Node.Scalar name) {
    String file = field.problems().file();
    Place earlier = first.putIfAbsent(name.text(), new Place(file, name.at()));
    if (earlier != null && !name.isNull()) {
      String where = earlier.file().equals(file) ? "" : " of " + earlier.file();
      field.wrong(
          "the name is taken",
          VisibleText.text(name.text()) + ", as on line " + earlier.at().line() + where,
          "a name of its own",
          null);
    }
  }
}
