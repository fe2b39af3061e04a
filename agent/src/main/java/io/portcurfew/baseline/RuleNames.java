package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.SocketPlace;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Creates readable names of rules: {@code sshd-22}, {@code dnsmasq-53-udp}. A name decides nothing,
 * so it may come from an unverified path.
 */
final class RuleNames {

  private static final int LONGEST_PROGRAM = 30;
  private static final int LONGEST_NAMESPACE = 12;

  private final Set<String> taken;

  RuleNames(Set<String> taken) {
    this.taken = new HashSet<>(taken);
  }

  /** A unique name for the rule of these listeners of one port. */
  String next(List<Listener> listeners) {
    Endpoint at = listeners.get(0).endpoint();
    String name =
        program(owners(listeners), "port")
            + "-"
            + at.port()
            + (at.protocol() == Protocol.UDP ? "-udp" : "")
            + suffix(at.namespace());
    return free(name);
  }

  /** A unique name for the rule of these sockets of one family: {@code dhclient-packet}. */
  String nextOfSockets(List<OtherSocket> sockets) {
    SocketPlace at = sockets.get(0).place();
    Stream<Owner> owners = sockets.stream().flatMap(socket -> socket.owners().stream());
    return free(program(owners, "socket") + "-" + at.family() + suffix(at.namespace()));
  }

  private static String suffix(String namespace) {
    String stable = StableNames.namespace(namespace);
    return stable.equals(Endpoint.HOST) ? "" : "-" + slug(stable, LONGEST_NAMESPACE, "elsewhere");
  }

  /** A unique name for the rule of these listeners on ports that change: {@code rpc-statd-any}. */
  String anyPort(List<Listener> listeners) {
    return free(program(owners(listeners), "port") + "-any-port");
  }

  private String free(String name) {
    String free = name;
    for (int i = 2; !taken.add(free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

  private static Stream<Owner> owners(List<Listener> listeners) {
    return listeners.stream().flatMap(listener -> listener.owners().stream());
  }

  /** The first program name in alphabetical order, independent of the order of pids. */
  private static String program(Stream<Owner> owners, String otherwise) {
    return owners
        .map(Owner::executable)
        .filter(Objects::nonNull)
        .map(HostText::toString)
        .map(path -> slug(path.substring(path.lastIndexOf('/') + 1), LONGEST_PROGRAM, otherwise))
        .sorted()
        .findFirst()
        .orElse(otherwise);
  }

  private static String slug(String text, int most, String otherwise) {
    String lower = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String cut = lower.substring(0, Math.min(most, lower.length())).replaceAll("^-+|-+$", "");
    return cut.isEmpty() ? otherwise : cut;
  }
}
