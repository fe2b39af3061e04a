package io.portcurfew.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row whose seal was found right. */
record Row(List<@Nullable Object> values) {

  String text(int column) {
    return (String) there(column);
  }

  @Nullable String textOr(int column) {
    return (String) values.get(column);
  }

  byte[] bytes(int column) {
    return (byte[]) there(column);
  }

  long number(int column) {
    return (Long) there(column);
  }

  @Nullable Long numberOr(int column) {
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
