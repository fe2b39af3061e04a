package io.portcurfew.store.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row with a valid seal. */
public record Row(List<@Nullable Object> values) {

  /** A text that must not be missing. */
  public String text(int column) {
    return (String) required(column);
  }

  /** A text or {@code null}. */
  public @Nullable String textOr(int column) {
    return (String) values.get(column);
  }

  /** Bytes that must not be missing. */
  public byte[] bytes(int column) {
    return (byte[]) required(column);
  }

  /** A number that must not be missing. */
  public long number(int column) {
    return (Long) required(column);
  }

  /** A number or {@code null}. */
  public @Nullable Long numberOr(int column) {
    return (Long) values.get(column);
  }

  private Object required(int column) {
    Object value = values.get(column);
    if (value == null) {
      throw new IllegalArgumentException("column " + column + " is missing");
    }
    return value;
  }
}
