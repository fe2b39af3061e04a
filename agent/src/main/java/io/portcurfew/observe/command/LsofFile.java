package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One open file as lsof shows it.
 *
 * @param type the TYPE column, as in {@code IPv4} or {@code REG}
 * @param node the NODE column; for sockets the name of the protocol
 * @param name the NAME column without the state
 * @param state the state of TCP without its parentheses
 */
record LsofFile(
    @Nullable String type, @Nullable String node, @Nullable String name, @Nullable String state) {

  /** Adds a listener or a gap to the view; other files are ignored. */
  void addTo(ViewBuilder view, List<Owner> owners, byte[] row) {
    if (type != null && !LsofWords.isInet(type)) {
      other(view, type, row);
    } else if (name == null) {
      view.unreadable("a file without a name and address", row);
    } else if (name.startsWith("no PCB")) {
      view.understood();
    } else if (node != null) {
      socket(view, node, name, owners, row);
    } else if (type == null && HostPort.parse(name, ':').isEmpty()) {
      view.understood();
    } else {
      view.unreadable("an address without its protocol", row);
    }
  }

  private void other(ViewBuilder view, String kind, byte[] row) {
    String what = name == null ? "" : name;
    if (!LsofWords.isType(kind)) {
      view.unreadable("unknown type of file", row);
      return;
    }
    view.understood();
    boolean notPermitted = kind.equals("unknown") || kind.equals("NOFD");
    if (notPermitted && what.contains("Permission denied")) {
      view.gap(Gap.What.LISTENERS, "it could not see the files of all processes: run it as root");
    } else if (kind.equals("sock") && hasNoEndpoint(what)) {
      view.gap(
          Gap.What.PROTOCOL,
          "it shows no endpoint for some sockets: they are not bound, do not listen, or are in"
              + " another network namespace");
    }
  }

  private static boolean hasNoEndpoint(String what) {
    return what.contains("can't identify protocol")
        || what.contains("protocol: TCP")
        || what.contains("protocol: UDP");
  }

  private void socket(
      ViewBuilder view, String transport, String local, List<Owner> owners, byte[] row) {
    boolean tcp = transport.equals("TCP");
    if (!tcp && !transport.equals("UDP")) {
      unjudged(view, transport, row);
    } else if (local.contains("->")
        || (tcp && state != null && LsofWords.NOT_LISTENING.contains(state))) {
      view.understood();
    } else if (tcp && state != null && !state.equals("LISTEN")) {
      view.unreadable("unknown state", row);
    } else {
      bound(view, tcp ? Protocol.TCP : Protocol.UDP, local, owners, row);
    }
  }

  private static void unjudged(ViewBuilder view, String transport, byte[] row) {
    if (LsofWords.NOT_JUDGED.contains(transport)) {
      view.understood();
      view.gap(Gap.What.PROTOCOL, "rows of " + transport + " sockets are not read");
    } else {
      view.unreadable("unknown protocol", row);
    }
  }

  /**
   * Adds a socket without a peer. TCP without a state (lsof ran with -T, or without the field T) is
   * usually a listener and counts as one: a false finding is better than a missed one.
   */
  private void bound(
      ViewBuilder view, Protocol protocol, String local, List<Owner> owners, byte[] row) {
    Optional<HostPort> end = HostPort.parse(local, ':');
    if (end.isEmpty()) {
      boolean named = HostPort.namesPort(local, ':');
      view.unreadable(named ? "a port by name: run it with -nP" : "no address and port", row);
      return;
    }
    Integer port = end.get().port();
    if (port == null) {
      unbound(view, row);
      return;
    }
    Optional<Address> address =
        end.get().address(anyAddress()).filter(this::isOfItsFamily).map(LsofFile::withoutScope);
    if (address.isEmpty()) {
      view.unreadable("the address is not numeric: run it with -nP", row);
      return;
    }
    view.listener(new Endpoint(protocol, address.get(), port), null, owners);
  }

  private void unbound(ViewBuilder view, byte[] row) {
    if ("LISTEN".equals(state)) {
      view.unreadable("a listener without a port", row);
    } else {
      view.understood();
    }
  }

  /**
   * Returns the address. Without a TYPE the family of {@code *} is unknown, so the wider one
   * counts.
   */
  private Address anyAddress() {
    return "IPv4".equals(type) ? Address.ANY_IPV4 : Address.ANY_IPV6;
  }

  /**
   * True if the address fits the type. An IPv6 socket may show an IPv4 address (IPv4-mapped), but
   * not the reverse.
   */
  private boolean isOfItsFamily(Address address) {
    return !("IPv4".equals(type) && address.isIpv6());
  }

  /**
   * Removes the scope from a link-local address. macOS keeps it in the second group ({@code
   * fe80:5::1}), where RFC 4291 (2.5.6) has zeros. It is the number of an interface and not its
   * name.
   */
  private static Address withoutScope(Address address) {
    byte[] bytes = address.bytes().orElse(new byte[0]);
    if (bytes.length != 16 || bytes[0] != (byte) 0xFE || (bytes[1] & 0xC0) != 0x80) {
      return address;
    }
    bytes[2] = 0;
    bytes[3] = 0;
    return Address.of(bytes).in(address.zone());
  }
}
