package io.portcurfew.config;

import io.portcurfew.config.policy.AddressReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.observe.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the address of the web server: {@code 127.0.0.1:10611} or {@code [::1]:10611}. */
final class WebListenReader {

  /** A loopback address, so that only this host can connect. */
  static final InetSocketAddress DEFAULT =
      new InetSocketAddress(ip(new byte[] {127, 0, 0, 1}), 10611);

  private static final String EXPECTED = "an address and a port like 127.0.0.1:10611";
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)\\]|([^:\\[\\]]+)):(0|[1-9][0-9]{0,4})");

  private WebListenReader() {}

  public static Optional<InetSocketAddress> read(Field field) {
    return field.scalar(EXPECTED).flatMap(scalar -> read(field, scalar.text()));
  }

  private static Optional<InetSocketAddress> read(Field field, String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      field.wrong("not an address and a port", EXPECTED);
      return Optional.empty();
    }
    int port = Integer.parseInt(form.group(3));
    if (port > 65535) {
      field.wrong("the port is out of range (0 to 65535)", EXPECTED);
      return Optional.empty();
    }
    String ipv6 = form.group(1);
    Optional<InetAddress> address = literal(ipv6 == null ? form.group(2) : ipv6, ipv6 != null);
    if (address.isEmpty()) {
      field.wrong("not an address; host names are not resolved", EXPECTED);
    }
    return address.map(ip -> new InetSocketAddress(ip, port));
  }

  private static Optional<InetAddress> literal(String host, boolean inBrackets) {
    return AddressReader.literal(host)
        .filter(address -> address.zone() == null && host.contains(":") == inBrackets)
        .flatMap(Address::bytes)
        .map(WebListenReader::ip);
  }

  private static InetAddress ip(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address literal has 4 or 16 bytes", e);
    }
  }
}
