package io.portcurfew.observe.linux;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A socket that takes traffic, as somebody reported it: whoever opened it, or a tool.
 *
 * @param address with {@code %} and the interface that it is bound to
 * @param v6only 1, 0, or a hyphen where it is no IPv6 socket
 */
record Opened(
    String protocol, String address, int port, String v6only, long inode, Set<Integer> pids) {

  /** Reads what {@link Scene} has its programs print. */
  static Opened of(String line) {
    String[] words = line.split(" ", -1);
    Set<Integer> pids =
        Arrays.stream(words).skip(5).map(Integer::valueOf).collect(Collectors.toSet());
    return new Opened(
        words[0],
        words[1],
        Integer.parseInt(words[2]),
        words[3],
        Long.parseLong(words[4]),
        Set.copyOf(pids));
  }

  private Endpoint endpoint() {
    Protocol which = protocol.equals("tcp") ? Protocol.TCP : Protocol.UDP;
    return new Endpoint(which, Address.parse(address).orElseThrow(), port);
  }

  private String dualStack() {
    boolean wildcard = endpoint().address().host().equals("::");
    return wildcard && !v6only.equals("-") ? "" + v6only.equals("0") : "null";
  }

  /** One line an endpoint, with all owners of all sockets that share it. */
  static Set<String> texts(Collection<Opened> all) {
    Map<String, Set<Integer>> owners = new TreeMap<>();
    for (Opened one : all) {
      owners
          .computeIfAbsent(text(one.endpoint(), one.dualStack()), text -> new TreeSet<>())
          .addAll(one.pids());
    }
    return owners.entrySet().stream()
        .map(entry -> entry.getKey() + entry.getValue())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The same lines of what was seen in one namespace. */
  static Set<String> texts(Collection<Listener> seen, String namespace) {
    return seen.stream()
        .filter(listener -> listener.endpoint().namespace().equals(namespace))
        .map(Opened::text)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text(Listener listener) {
    Endpoint there = listener.endpoint();
    Endpoint here = new Endpoint(there.protocol(), there.address(), there.port());
    List<Integer> pids = listener.owners().stream().map(Owner::pid).sorted().toList();
    return text(here, "" + listener.dualStack()) + pids;
  }

  private static String text(Endpoint endpoint, String dualStack) {
    return endpoint + " dual stack " + dualStack + " held by ";
  }
}
