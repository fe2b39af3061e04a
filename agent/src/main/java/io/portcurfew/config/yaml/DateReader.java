package io.portcurfew.config.yaml;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a day, such as {@code 2027-06-30}. */
public final class DateReader {

  private static final String EXPECTED = "a day like 2027-06-30";
  private static final Pattern FORM = Pattern.compile("20[0-9]{2}-[0-9]{2}-[0-9]{2}");

  private DateReader() {}

  /** Reads a day; adds a problem and returns nothing if it is none. */
  public static Optional<LocalDate> read(Field field) {
    return field.scalar(EXPECTED).flatMap(scalar -> read(field, scalar.text()));
  }

  private static Optional<LocalDate> read(Field field, String text) {
    try {
      if (FORM.matcher(text).matches()) {
        return Optional.of(LocalDate.parse(text));
      }
    } catch (DateTimeException noSuchDay) {
      field.wrong("this day does not exist", EXPECTED);
      return Optional.empty();
    }
    field.wrong("not a day", EXPECTED);
    return Optional.empty();
  }
}
