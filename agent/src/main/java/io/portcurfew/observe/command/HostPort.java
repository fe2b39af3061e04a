package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.HostText;
import io.portcurfew.process.ByteText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One end of a socket as a tool prints it: a host, a separator, a port.
 *
 * @param host the text before the last separator; {@code null} for {@code *}, which is any address
 *     of a family that another column of the row shows
 * @param port 1 to 65535; {@code null} if the tool printed {@code *} or 0, which means no port
 */
record HostPort(@Nullable String host, @Nullable Integer port) {

  private static final int LONGEST_ZONE = 64;

  /**
   * Splits at the last separator, because a host may contain colons and dots.
   *
   * @param separator {@code :}, or {@code .} for the netstat of BSD and macOS
   * @return empty without a separator or a host, or if the port is not a plain decimal port number;
   *     service names are never looked up
   */
  static Optional<HostPort> parse(String text, char separator) {
    int at = text.lastIndexOf(separator);
    if (at < 1) {
      return Optional.empty();
    }
    String host = text.substring(0, at);
    String port = text.substring(at + 1);
    String literal = host.equals("*") ? null : host;
    if (port.equals("*") || port.equals("0")) {
      return Optional.of(new HostPort(literal, null));
    }
    return port(port).map(number -> new HostPort(literal, number));
  }

  /** Parses a port as tools print it: 1 to 65535 without a sign, a space or a leading zero. */
  private static Optional<Integer> port(String text) {
    boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || text.isEmpty() || text.length() > 5 || text.startsWith("0")) {
      return Optional.empty();
    }
    int number = Integer.parseInt(text);
    return number > 65535 ? Optional.empty() : Optional.of(number);
  }

  /**
   * True if the port is a name, for example {@code *:ssh}. Such a row cannot be judged: the
   * services file of the other host is unknown.
   */
  static boolean namesPort(String text, char separator) {
    String port = text.substring(text.lastIndexOf(separator) + 1);
    return port.length() < text.length()
        && !port.isEmpty()
        && port.chars().anyMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
  }

  /**
   * Returns the address of the host, and {@code any} for {@code *} and {@code *%lo}.
   *
   * @return empty if the host is not an address literal: a name or a truncated address
   */
  Optional<Address> address(Address any) {
    if (host == null) {
      return Optional.of(any);
    }
    boolean anyOnDevice = host.startsWith("*%") && host.length() > 2;
    String literal = anyOnDevice ? any.host() + host.substring(1) : host;
    return Address.parse(literal).map(address -> address.in(zone(literal)));
  }

  /** The interface in the encoding of the kernel's view: the text has a character for each byte. */
  private static @Nullable String zone(String literal) {
    int percent = literal.indexOf('%');
    if (percent < 0) {
      return null;
    }
    boolean inside = literal.endsWith("]");
    String zone = literal.substring(percent + 1, literal.length() - (inside ? 1 : 0));
    return HostText.of(ByteText.raw(zone), LONGEST_ZONE).toString();
  }
}
