package io.portcurfew.config.yaml;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads whole numbers without quotes. */
public final class NumberReader {

  private static final Pattern FORM = Pattern.compile("0|[1-9][0-9]{0,8}");

  private final int least;
  private final int most;
  private final String expected;

  /** Both ends are included. */
  public NumberReader(int least, int most) {
    this.least = least;
    this.most = most;
    this.expected = "a number from " + least + " to " + most + ", without quotes";
  }

  public Optional<Integer> read(Field field) {
    return field.scalar(expected).flatMap(scalar -> read(field, scalar));
  }

  private Optional<Integer> read(Field field, Node.Scalar scalar) {
    if (scalar.plain() && FORM.matcher(scalar.text()).matches()) {
      int number = Integer.parseInt(scalar.text());
      if (number >= least && number <= most) {
        return Optional.of(number);
      }
    }
    field.wrong("this is no number in range", expected);
    return Optional.empty();
  }
}
