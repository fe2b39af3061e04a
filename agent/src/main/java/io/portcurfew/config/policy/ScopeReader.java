package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.RuleScope;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the endpoints that a rule selects. */
final class ScopeReader {

  static final List<String> KEYS = List.of("ports", "protocol", "namespace", "owner", "sockets");

  private static final String ANY = "any";
  private static final ChoiceReader<Protocol> PROTOCOL =
      ChoiceReader.of(Protocol.values(), Protocol::label);

  private static final String FAMILIES = "packet, raw, vsock, xdp, tun, sctp, udplite, bpf, tc";
  private static final ChoiceReader<SocketPlace.Family> FAMILY =
      ChoiceReader.of(SocketPlace.Family.values(), SocketPlace.Family::label);

  private ScopeReader() {}

  /** Reads ports, protocol and namespace, or families of sockets. */
  public static Optional<RuleScope> read(Section rule) {
    Optional<Field> sockets = rule.optional("sockets");
    return sockets.isPresent() ? ofSockets(rule, sockets.get()) : ofPorts(rule);
  }

  private static Optional<RuleScope> ofSockets(Section rule, Field sockets) {
    for (String key : List.of("ports", "protocol", "address")) {
      rule.optional(key)
          .ifPresent(
              field ->
                  field.wrong(
                      "a rule is about ports or about sockets, which have no " + key,
                      key,
                      "a rule of its own for them",
                      null));
    }
    Set<SocketPlace.Family> families = EnumSet.noneOf(SocketPlace.Family.class);
    sockets
        .oneOrMore("one of " + FAMILIES + ", or several in a list")
        .ifPresent(items -> families.addAll(DistinctItems.read(items, FAMILY::read)));
    List<OwnerTerm> owners = rule.optional("owner").map(OwnerTermReader::read).orElse(List.of());
    return families.isEmpty()
        ? Optional.empty()
        : Optional.of(RuleScope.ofSockets(families, namespaceOf(rule), owners));
  }

  private static Optional<RuleScope> ofPorts(Section rule) {
    Optional<Field> owner = rule.optional("owner");
    List<OwnerTerm> owners = owner.map(OwnerTermReader::read).orElse(List.of());
    Optional<List<PortRange>> ports = ports(rule, owner.isPresent());
    Set<Protocol> protocols = protocols(rule);
    String name = namespaceOf(rule);
    return ports
        .filter(ranges -> owner.isEmpty() || !owners.isEmpty())
        .map(ranges -> new RuleScope(ranges, protocols, name, owners));
  }

  /** A rule that selects by owner is about every port unless it names some. */
  private static Optional<List<PortRange>> ports(Section rule, boolean byOwner) {
    return byOwner && rule.optional("ports").isEmpty()
        ? Optional.of(RuleScope.EVERY_PORT)
        : rule.required("ports").flatMap(PortsReader::read);
  }

  private static Set<Protocol> protocols(Section rule) {
    Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
    rule.optional("protocol")
        .flatMap(field -> field.oneOrMore("tcp, udp, or both in a list"))
        .ifPresent(items -> protocols.addAll(DistinctItems.read(items, PROTOCOL::read)));
    return protocols.isEmpty() ? EnumSet.allOf(Protocol.class) : protocols;
  }

  private static @Nullable String namespaceOf(Section rule) {
    return rule.optional("namespace")
        .flatMap(ScopeReader::namespace)
        .filter(word -> !word.equals(ANY))
        .orElse(null);
  }

  private static Optional<String> namespace(Field field) {
    return TextReader.line(
        field, 256, "host, any, containers, others, or the name of a network namespace");
  }
}
