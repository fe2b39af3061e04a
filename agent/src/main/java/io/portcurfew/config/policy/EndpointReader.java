package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.observe.Endpoint;
import java.util.Optional;

/** Reads an endpoint in the form in which every output shows it. */
final class EndpointReader {

  static final String EXPECTED =
      "a protocol, an address and a port, like tcp 127.0.0.1:5432, udp [::1]:53 or tcp 0.0.0.0:80 in web";

  private static final int LONGEST = 512;

  private EndpointReader() {}

  /** Reads the value of a field. */
  public static Optional<Endpoint> read(Field field) {
    return TextReader.line(field, LONGEST, EXPECTED).flatMap(text -> read(field, text));
  }

  /** Reads a part of the value of a field. */
  public static Optional<Endpoint> read(Field field, String text) {
    Optional<Endpoint> endpoint = Endpoint.parse(text);
    if (endpoint.isEmpty()) {
      field.wrong("not an endpoint", EXPECTED);
    }
    return endpoint;
  }
}
