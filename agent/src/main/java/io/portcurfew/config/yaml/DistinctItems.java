package io.portcurfew.config.yaml;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads the items of a list and refuses duplicates. */
public final class DistinctItems {

  private DistinctItems() {}

  /** The values of the valid items, in their order. */
  public static <T> List<T> read(List<Field> items, Function<Field, Optional<T>> reader) {
    Set<T> values = new LinkedHashSet<>();
    for (Field item : items) {
      reader
          .apply(item)
          .filter(value -> !values.add(value))
          .ifPresent(value -> item.wrong("duplicate value", "each value once"));
    }
    return List.copyOf(values);
  }
}
