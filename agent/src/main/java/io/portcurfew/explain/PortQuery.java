package io.portcurfew.explain;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The subject of an explanation: a port, or one endpoint of it.
 *
 * @param port 1 to 65535
 * @param protocols not empty
 * @param endpoint {@code null} for the whole port
 */
public record PortQuery(int port, SortedSet<Protocol> protocols, @Nullable Endpoint endpoint) {

  private static final Pattern PORT = Pattern.compile("([1-9]\\d{0,4})(?:/(tcp|udp))?");

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
   * Parses {@code 611}, {@code 611/tcp} and an endpoint like {@code tcp 127.0.0.1:611}.
   *
   * @return nothing for any other text
   */
  public static Optional<PortQuery> parse(String text) {
    Matcher form = PORT.matcher(text);
    if (!form.matches()) {
      return Endpoint.parse(text).map(PortQuery::at);
    }
    int port = Integer.parseInt(form.group(1));
    Set<Protocol> protocols = EnumSet.allOf(Protocol.class);
    if (form.group(2) != null) {
      protocols.removeIf(protocol -> !protocol.label().equals(form.group(2)));
    }
    return port > 65535 ? Optional.empty() : Optional.of(port(port, protocols));
  }
}
