package io.portcurfew.store.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row whose seal was found right. */
public record Row(List<@Nullable Object> values) {

  public String text(int column) {
    return (String) there(column);
  }

  public @Nullable String textOr(int column) {
    return (String) values.get(column);
  }

  public byte[] bytes(int column) {
    return (byte[]) there(column);
  }

  public long number(int column) {
    return (Long) there(column);
  }

  public @Nullable Long numberOr(int column) {
    return (Long) values.get(column);
  }

  private Object there(int column) {
    Object value = values.get(column);
    if (value == null) {
      throw new IllegalArgumentException("column " + column + " is missing");
    }
    return value;
  }
}
