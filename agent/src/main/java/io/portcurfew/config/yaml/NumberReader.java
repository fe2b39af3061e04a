package io.portcurfew.config.yaml;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads whole numbers, which must not be in quotes. */
public final class NumberReader {

  private static final Pattern FORM = Pattern.compile("0|[1-9][0-9]{0,8}");

  private final int least;
  private final int most;
  private final String expected;

  /** Allows numbers from {@code least} to {@code most}, both included. */
  public NumberReader(int least, int most) {
    this.least = least;
    this.most = most;
    this.expected = "a number from " + least + " to " + most;
  }

  /** Reads a number; adds a problem and returns nothing if it is not valid. */
  public Optional<Integer> read(Field field) {
    return field.scalar(expected).flatMap(scalar -> read(field, scalar));
  }

  private Optional<Integer> read(Field field, Node.Scalar scalar) {
    if (!FORM.matcher(scalar.text()).matches()) {
      field.wrong("not a whole number", expected);
      return Optional.empty();
    }
    int number = Integer.parseInt(scalar.text());
    if (number < least || number > most) {
      field.wrong("the number is out of range", expected);
      return Optional.empty();
    }
    if (!scalar.plain()) {
      field.wrong("remove the quotes: " + number);
      return Optional.empty();
    }
    return Optional.of(number);
  }
}
