package io.portcurfew.config;

import io.portcurfew.config.policy.AddressReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.observe.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the key {@code web.listen}: {@code 127.0.0.1:10611} or {@code [::1]:10611}. */
final class WebListenReader {

  /** The key in the section {@code web}. */
  static final String KEY = "listen";

  /** A loopback address, so that only this host can connect. */
  private static final InetSocketAddress DEFAULT =
      new InetSocketAddress(ip(new byte[] {127, 0, 0, 1}), 10611);

  private static final String EXPECTED = "an address and a port like 127.0.0.1:10611";
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)\\]|([^:\\[\\]]+)):(0|[1-9][0-9]{0,4})");

  private WebListenReader() {}

  /** Reads the key; the default without it, and also for a wrong value, with a problem. */
  static InetSocketAddress read(Optional<Section> web) {
    return web.flatMap(section -> section.optional(KEY))
        .flatMap(field -> field.scalar(EXPECTED).flatMap(scalar -> address(field, scalar.text())))
        .orElse(DEFAULT);
  }

  private static Optional<InetSocketAddress> address(Field field, String text) {
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
