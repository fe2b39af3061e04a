package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Node;
import io.portcurfew.observe.PortRange;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads ports: a number, a range like {@code 600-1023}, or a list of them. */
final class PortsReader {

  private static final int LAST = 65535;
  private static final String EXPECTED =
      "a number from 1 to 65535, a range like 600-1023, or a list of them";
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");
  private static final Pattern RANGE = Pattern.compile("([1-9][0-9]{0,4})-([1-9][0-9]{0,4})");

  private PortsReader() {}

  static Optional<List<PortRange>> read(Field field) {
    return field
        .oneOrMore(EXPECTED)
        .map(items -> DistinctItems.read(items, PortsReader::readOne))
        .filter(ports -> !ports.isEmpty());
  }

  private static Optional<PortRange> readOne(Field field) {
    return field.scalar(EXPECTED).flatMap(scalar -> readOne(field, scalar));
  }

  private static Optional<PortRange> readOne(Field field, Node.Scalar scalar) {
    Matcher range = RANGE.matcher(scalar.text());
    if (range.matches()) {
      return range(field, Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)));
    }
    if (!NUMBER.matcher(scalar.text()).matches()) {
      field.wrong("not a port", EXPECTED);
      return Optional.empty();
    }
    if (!scalar.plain()) {
      field.wrong("remove the quotes: " + scalar.text());
      return Optional.empty();
    }
    int port = Integer.parseInt(scalar.text());
    return range(field, port, port);
  }

  private static Optional<PortRange> range(Field field, int first, int last) {
    if (first > LAST || last > LAST) {
      field.wrong("the port is out of range (1 to 65535)", EXPECTED);
      return Optional.empty();
    }
    if (first > last) {
      field.wrong("the range is reversed", "the lower port first", last + "-" + first);
      return Optional.empty();
    }
    return Optional.of(new PortRange(first, last));
  }
}
