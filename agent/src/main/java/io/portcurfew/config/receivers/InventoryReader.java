package io.portcurfew.config.receivers;

import io.portcurfew.config.yaml.DurationReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.NumberReader;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.Suggestion;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.config.yaml.VisibleText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the inventory of listeners, whose receiver must be a file of the config. */
public final class InventoryReader {

  static final List<String> KEYS = List.of("receiver", "every", "series");

  private static final DurationReader EVERY =
      new DurationReader(Duration.ofMinutes(1), Duration.ofHours(24));
  private static final NumberReader SERIES = new NumberReader(0, 10_000);

  private InventoryReader() {}

  /**
   * Reads the section.
   *
   * @param files the names of the file receivers, also of invalid ones
   */
  public static Optional<Inventory> read(Field field, List<String> files) {
    return Section.of(field, KEYS).map(section -> read(section, files));
  }

  private static Inventory read(Section section, List<String> files) {
    return new Inventory(
        section
            .optional("receiver")
            .flatMap(field -> TextReader.name(field).filter(name -> isFile(field, name, files)))
            .orElse(null),
        section.optional("every").flatMap(EVERY::read).orElse(Inventory.NONE.every()),
        section.optional("series").flatMap(SERIES::read).orElse(Inventory.NONE.series()));
  }

  private static boolean isFile(Field field, String name, List<String> files) {
    boolean known = files.contains(name);
    if (!known) {
      // Some of these names may be invalid themselves.
      List<String> shown = files.stream().map(VisibleText::text).toList();
      field.wrong(
          "no file receiver has this name",
          shown.isEmpty()
              ? "a receiver with file: in notify.receivers"
              : "one of " + String.join(", ", shown),
          Suggestion.of(name, shown).orElse(null));
    }
    return known;
  }
}
