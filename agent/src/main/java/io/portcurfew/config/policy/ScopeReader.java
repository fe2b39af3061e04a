package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.RuleScope;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the endpoints that a rule selects. */
final class ScopeReader {

  static final List<String> KEYS = List.of("ports", "protocol", "namespace", "owner");

  private static final String ANY = "any";
  private static final ChoiceReader<Protocol> PROTOCOL =
      ChoiceReader.of(Protocol.values(), Protocol::label);

  private ScopeReader() {}

  /** Reads ports, protocol and namespace. */
  public static Optional<RuleScope> read(Section rule) {
    Optional<Field> owner = rule.optional("owner");
    List<OwnerTerm> owners = owner.map(OwnerTermReader::read).orElse(List.of());
    Optional<List<PortRange>> ports = ports(rule, owner.isPresent());
    Set<Protocol> protocols = protocols(rule);
    Optional<String> namespace = rule.optional("namespace").flatMap(ScopeReader::namespace);
    String name = namespace.filter(word -> !word.equals(ANY)).orElse(null);
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

  private static Optional<String> namespace(Field field) {
    return TextReader.line(
        field, 256, "host, any, containers, others, or the name of a network namespace");
  }
}
