package io.portcurfew.observe.linux.reach;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads /proc/net/ip_vs (net/netfilter/ipvs/ip_vs_ctl.c): {@code TCP C0A80001:0050 rr}, and below
 * each service {@code -> 0A000002:1F90 Masq 1 0 0}; pure. A service by firewall mark has no port.
 */
final class IpvsTable {

  private static final int MOST_SERVICES = 4096;
  private static final Pattern SERVICE =
      Pattern.compile("(TCP|UDP)\\s+(?:([0-9A-F]{8})|\\[([0-9a-f:.]+)\\]):([0-9A-F]{4})\\s.*");
  private static final Pattern REAL =
      Pattern.compile("\\s+->\\s+(?:([0-9A-F]{8})|\\[([0-9a-f:.]+)\\]):([0-9A-F]{4})\\s.*");

  private IpvsTable() {}

  /** The services, each with its first real server. */
  static List<Listener> read(String text) {
    List<Listener> services = new ArrayList<>();
    Matcher service = null;
    for (String line : (text + "\n-\n").split("\n", -1)) {
      Matcher real = REAL.matcher(line);
      Matcher next = SERVICE.matcher(line);
      boolean isReal = real.matches();
      if (service != null && services.size() < MOST_SERVICES) {
        listener(service, isReal ? target(real) : null).ifPresent(services::add);
        service = null;
      }
      service = next.matches() ? next : isReal ? null : service;
    }
    return List.copyOf(services);
  }

  private static Optional<Listener> listener(Matcher service, @Nullable HostText target) {
    Protocol protocol = service.group(1).equals("TCP") ? Protocol.TCP : Protocol.UDP;
    int port = Integer.parseInt(service.group(4), 16);
    return port == 0
        ? Optional.empty()
        : address(service.group(2), service.group(3))
            .map(
                at ->
                    Listener.redirect(
                        new Endpoint(protocol, at, port),
                        List.of(),
                        new Redirect("ipvs", null, target, false)));
  }

  private static @Nullable HostText target(Matcher real) {
    int port = Integer.parseInt(real.group(3), 16);
    return address(real.group(1), real.group(2))
        .map(at -> HostText.of((at.isIpv6() ? "[" + at + "]" : at.toString()) + ":" + port))
        .orElse(null);
  }

  private static Optional<Address> address(@Nullable String hex, @Nullable String ipv6) {
    if (hex == null) {
      return ipv6 == null ? Optional.empty() : Address.parse(ipv6);
    }
    long bits = Long.parseLong(hex, 16);
    return Address.parse(
        (bits >> 24) + "." + (bits >> 16 & 255) + "." + (bits >> 8 & 255) + "." + (bits & 255));
  }
}
