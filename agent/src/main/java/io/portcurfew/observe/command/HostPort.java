package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One end of a socket as a tool prints it: a host, a separator, a port.
 *
 * @param host what stands before the last separator; {@code null} where that is {@code *}, which
 *     means any address of a family that the row tells elsewhere
 * @param port 1 to 65535; {@code null} where the tool printed {@code *} or 0, that is no port
 */
record HostPort(@Nullable String host, @Nullable Integer port) {

  /**
   * Splits at the last separator: hosts hold colons and dots of their own.
   *
   * @param separator {@code :}, or {@code .} for the netstat of BSD and macOS
   * @return nothing where there is no separator or no host, or where the port is not a plain
   *     decimal number of a port: a service name is never looked up
   */
  static Optional<HostPort> parse(String text, char separator) {
    int at = text.lastIndexOf(separator);
    if (at < 1) {
      return Optional.empty();
    }
    String host = text.substring(0, at);
    String port = text.substring(at + 1);
    String given = host.equals("*") ? null : host;
    if (port.equals("*") || port.equals("0")) {
      return Optional.of(new HostPort(given, null));
    }
    return port(port).map(number -> new HostPort(given, number));
  }

  /** A port as tools print it: 1 to 65535 without a sign, a blank or a leading zero. */
  private static Optional<Integer> port(String text) {
    boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || text.isEmpty() || text.length() > 5 || text.startsWith("0")) {
      return Optional.empty();
    }
    int number = Integer.parseInt(text);
    return number > 65535 ? Optional.empty() : Optional.of(number);
  }

  /**
   * Whether the port is there and is no number: {@code *:ssh}. Such a row cannot be judged: the
   * services file of the host that printed it is not ours.
   */
  static boolean namesPort(String text, char separator) {
    String port = text.substring(text.lastIndexOf(separator) + 1);
    return port.length() < text.length()
        && !port.isEmpty()
        && port.chars().anyMatch(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
  }

  /**
   * The address of the host, and {@code any} for {@code *} and {@code *%lo}.
   *
   * @return nothing where the host is not an address literal, so a name or cut
   */
  Optional<Address> address(Address any) {
    if (host == null) {
      return Optional.of(any);
    }
    if (host.startsWith("*%") && host.length() > 2) {
      return Address.parse(any.host() + host.substring(1));
    }
    return Address.parse(host);
  }
}
