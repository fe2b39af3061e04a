package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

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
    String stable = StableNames.namespace(at.namespace());
    String namespace = stable.equals(Endpoint.HOST) ? "" : stable;
    String name =
        program(listeners)
            + "-"
            + at.port()
            + (at.protocol() == Protocol.UDP ? "-udp" : "")
            + (namespace.isEmpty() ? "" : "-" + slug(namespace, LONGEST_NAMESPACE, "elsewhere"));
    return free(name);
  }

  /** A unique name for the rule of these listeners on ports that change: {@code rpc-statd-any}. */
  String anyPort(List<Listener> listeners) {
    return free(program(listeners) + "-any-port");
  }

  private String free(String name) {
    String free = name;
    for (int i = 2; !taken.add(free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

  /** The first program name in alphabetical order, independent of the order of pids. */
  private static String program(List<Listener> listeners) {
    return listeners.stream()
        .flatMap(listener -> listener.owners().stream())
        .map(Owner::executable)
        .filter(Objects::nonNull)
        .map(HostText::toString)
        .map(path -> slug(path.substring(path.lastIndexOf('/') + 1), LONGEST_PROGRAM, "port"))
        .sorted()
        .findFirst()
        .orElse("port");
  }

  private static String slug(String text, int most, String otherwise) {
    String lower = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String cut = lower.substring(0, Math.min(most, lower.length())).replaceAll("^-+|-+$", "");
    return cut.isEmpty() ? otherwise : cut;
  }
}
