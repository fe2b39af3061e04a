package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.AGENT;

import io.portcurfew.config.WebExposure;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.web.access.TlsSettings;
import io.portcurfew.web.access.WebAccess;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks from a snapshot that the web address is free or used by the running agent. Pure. */
final class WebCheck {

  private static final String NAME = "web address";
  private static final String ACCESS = "web access";

  private WebCheck() {}

  /**
   * Makes the check.
   *
   * @param ours true if the address belongs to this host
   * @param agent the pid of the running agent; {@code null} if unknown
   */
  static Check of(InetSocketAddress web, boolean ours, Snapshot snapshot, @Nullable Long agent) {
    Address address = Address.of(web.getAddress());
    if (web.getPort() == 0) {
      return Check.ok(AGENT, NAME, address + ", any free port");
    }
    String where = new Endpoint(Protocol.TCP, address, web.getPort()).toString();
    if (!ours) {
      return Check.broken(
          AGENT, NAME, where + ": no interface has this address", "set web.listen in the config");
    }
    Optional<Listener> there =
        snapshot.listeners().stream()
            .filter(listener -> takes(listener, address, web.getPort()))
            .findFirst();
    if (there.isEmpty()) {
      return Check.ok(AGENT, NAME, where + " is free");
    }
    return taken(where, there.get(), agent);
  }

  /** A limit if other hosts can reach the address without TLS and a login. */
  static Optional<Check> exposure(InetSocketAddress web, WebAccess access) {
    return Optional.ofNullable(WebExposure.of(web, access))
        .map(
            risk ->
                Check.limited(
                    AGENT,
                    "web exposure",
                    risk,
                    "set web.config_file to a file with TLS and logins, or web.listen to 127.0.0.1"));
  }

  /** The protocol and the logins of the web server, and the end of its certificate. */
  static Check access(WebAccess access, Instant now) {
    String risk = WebExposure.certificate(access, now);
    if (risk != null) {
      return Check.limited(AGENT, ACCESS, risk, "renew it; the agent reads the new file by itself");
    }
    TlsSettings tls = access.tls();
    String protocol = tls == null ? "HTTP" : "HTTPS, certificate until " + tls.expires();
    String login = access.authenticates() ? "login required" : "no login";
    return Check.ok(AGENT, ACCESS, protocol + ", " + login);
  }

  private static Check taken(String where, Listener listener, @Nullable Long agent) {
    if (agent != null
        && listener.owners().stream().anyMatch(owner -> owner.pid() == agent.longValue())) {
      return Check.ok(AGENT, NAME, where + " is used by the running agent, pid " + agent);
    }
    String owners =
        listener.owners().isEmpty()
            ? "an unknown owner"
            : listener.owners().stream().map(Owner::toString).collect(Collectors.joining("; "));
    return Check.broken(
        AGENT,
        NAME,
        where + " is used by " + owners,
        "if that is not the agent, stop it or set web.listen in the config");
  }

  /** True if the listener blocks the address: same port and overlapping addresses. */
  private static boolean takes(Listener listener, Address address, int port) {
    Endpoint endpoint = listener.endpoint();
    if (endpoint.protocol() != Protocol.TCP
        || endpoint.port() != port
        || !endpoint.namespace().equals(Endpoint.HOST)) {
      return false;
    }
    Address other = endpoint.address();
    boolean sameFamily = other.isIpv6() == address.isIpv6();
    boolean dual = Boolean.TRUE.equals(listener.dualStack());
    return other.host().equals(address.host())
        || (sameFamily && (other.isWildcard() || address.isWildcard()))
        || (other.isIpv6() && dual)
        || (address.equals(Address.ANY_IPV6) && !other.isIpv6());
  }
}
