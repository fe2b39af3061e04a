package io.portcurfew.explain;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The subject of an explanation: a port, or one endpoint of it.
 *
 * @param port 1 to 65535
 * @param protocols not empty
 * @param endpoint {@code null} for the whole port
 */
public record PortQuery(int port, SortedSet<Protocol> protocols, @Nullable Endpoint endpoint) {

  private static final Pattern PORT = Pattern.compile("([1-9]\\d{0,4})(?:[/ ](tcp|udp))?");

  /** The protocol first, as many people write it. */
  private static final Pattern PROTOCOL_FIRST = Pattern.compile("(tcp|udp)[/ ]([1-9]\\d{0,4})");

  public PortQuery {
    protocols = Collections.unmodifiableSortedSet(new TreeSet<>(protocols));
  }

  /** A whole port. */
  public static PortQuery port(int port, Set<Protocol> protocols) {
    return new PortQuery(port, new TreeSet<>(protocols), null);
  }

  /** One endpoint. */
  public static PortQuery at(Endpoint endpoint) {
    return new PortQuery(endpoint.port(), new TreeSet<>(Set.of(endpoint.protocol())), endpoint);
  }

  /**
   * Parses {@code 611}, {@code 611/tcp}, {@code tcp 611} and an endpoint like {@code tcp
   * 127.0.0.1:611}; the protocol in any case.
   *
   * @return nothing for any other text
   */
  public static Optional<PortQuery> parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    Matcher form = PORT.matcher(PROTOCOL_FIRST.matcher(lower).replaceFirst("$2/$1"));
    if (!form.matches()) {
      // Only the protocol is in any case: the name of a namespace is as it is.
      boolean hasProtocol = lower.startsWith("tcp ") || lower.startsWith("udp ");
      String endpoint = hasProtocol ? lower.substring(0, 4) + text.strip().substring(4) : text;
      return Endpoint.parse(endpoint).map(PortQuery::at);
    }
    int port = Integer.parseInt(form.group(1));
    return port > 65535 ? Optional.empty() : Optional.of(port(port, protocols(form.group(2))));
  }

  private static Set<Protocol> protocols(@Nullable String label) {
    Set<Protocol> protocols = EnumSet.allOf(Protocol.class);
    protocols.removeIf(protocol -> label != null && !protocol.label().equals(label));
    return protocols;
  }

  /**
   * Finds the port of a service: by its name in the catalogue, else by a name or an alias in
   * /etc/services of this host.
   *
   * @return nothing if neither has it; of several ports the lowest
   */
  public static Optional<PortQuery> named(String name, Catalogue catalogue, ServiceNames services) {
    Stream<Integer> registered = catalogue.named(name).stream().map(Catalogue.PortEntry::port);
    Stream<Integer> local = services.named(name).stream().map(ServiceNames.ServiceName::port);
    return registered
        .min(Comparator.naturalOrder())
        .or(() -> local.min(Comparator.naturalOrder()))
        .map(port -> port(port, EnumSet.allOf(Protocol.class)));
  }
}
