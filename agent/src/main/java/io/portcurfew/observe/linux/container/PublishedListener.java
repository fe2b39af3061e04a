package io.portcurfew.observe.linux.container;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Redirect;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes listeners of the ports that an engine publishes; pure. */
final class PublishedListener {

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");

  private PublishedListener() {}

  /**
   * A published port.
   *
   * @param by the name of the engine
   * @param protocol as its engine writes it; others than TCP and UDP are not judged
   * @param host the address on the host; empty for every IPv4 address
   * @param port the port on the host
   * @param to the address and port of the container
   * @return empty if the text names no endpoint
   */
  static Optional<Listener> of(
      String by,
      Container container,
      String protocol,
      String host,
      String port,
      PublishedTarget to) {
    Protocol known = protocol(protocol);
    Optional<Address> address =
        host.isEmpty() ? Optional.of(Address.ANY_IPV4) : Address.parse(host);
    if (known == null || address.isEmpty() || !isPort(port)) {
      return Optional.empty();
    }
    Endpoint endpoint = new Endpoint(known, address.get(), Integer.parseInt(port));
    HostText target = to.text(address.get().isIpv6());
    return Optional.of(
        Listener.redirect(endpoint, List.of(), new Redirect(by, container, target, false)));
  }

  private static @Nullable Protocol protocol(String label) {
    return Stream.of(Protocol.values())
        .filter(known -> known.label().equals(label.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElse(null);
  }

  private static boolean isPort(String text) {
    return NUMBER.matcher(text).matches() && Integer.parseInt(text) <= 65535;
  }

  /**
   * The receiver in the container.
   *
   * @param ipv4 its address; {@code null} if it has none
   * @param ipv6 its address; {@code null} if it has none
   */
  record PublishedTarget(@Nullable String ipv4, @Nullable String ipv6, String port) {

    @Nullable HostText text(boolean wantsIpv6) {
      String address = wantsIpv6 && ipv6 != null ? ipv6 : ipv4 != null ? ipv4 : ipv6;
      if (address == null || !isPort(port) || Address.parse(address).isEmpty()) {
        return null;
      }
      return HostText.of((address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port);
    }
  }
}
