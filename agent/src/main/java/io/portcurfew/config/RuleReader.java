package io.portcurfew.config;

import io.portcurfew.judge.AddressTerm;
import io.portcurfew.judge.Expect;
import io.portcurfew.judge.OwnerTerm;
import io.portcurfew.judge.Policy;
import io.portcurfew.judge.Rule;
import io.portcurfew.judge.Severity;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one rule of a policy. */
final class RuleReader {

  static final List<String> KEYS =
      List.of(
          "name",
          "ports",
          "protocol",
          "namespace",
          "expect",
          "severity",
          "because",
          "address",
          "by");

  /** A required endpoint each is a finding each when the host is down; more is a mistake. */
  static final int MOST_REQUIRED = 64;

  private static final String ANY = "any";
  private static final int LONGEST_BECAUSE = 500;
  private static final Choice<Protocol> PROTOCOL = Choice.of(Protocol.values(), Protocol::label);
  private static final Choice<Expect> EXPECT = Choice.of(Expect.values(), Expect::label);
  private static final Choice<Severity> SEVERITY = Choice.of(Severity.values(), Severity::label);

  private RuleReader() {}

  static Optional<Rule> read(Field field) {
    return Section.of(field, KEYS).flatMap(RuleReader::read);
  }

  private static Optional<Rule> read(Section section) {
    Optional<String> name = section.required("name").flatMap(RuleReader::name);
    Optional<Field> portsField = section.required("ports");
    Optional<List<PortRange>> ports = portsField.flatMap(PortsReader::read);
    Set<Protocol> protocols = protocols(section);
    Optional<String> namespace = section.optional("namespace").flatMap(RuleReader::namespace);
    Optional<Expect> expect = section.required("expect").flatMap(EXPECT::read);
    Severity severity =
        section.optional("severity").flatMap(SEVERITY::read).orElse(Severity.WARNING);
    Optional<String> because = section.optional("because").flatMap(RuleReader::because);
    List<AddressTerm> addresses =
        section.optional("address").map(AddressReader::read).orElse(List.of());
    List<OwnerTerm> by = section.optional("by").map(OwnerReader::read).orElse(List.of());
    if (name.isEmpty() || ports.isEmpty() || expect.isEmpty()) {
      return Optional.empty();
    }
    Rule rule =
        new Rule(
            name.get(),
            ports.get(),
            protocols,
            expect.get(),
            severity,
            because.orElse(null),
            addresses,
            by,
            namespace.filter(word -> !word.equals(ANY)).orElse(null));
    refuseIdleTerms(section, rule);
    portsField.ifPresent(at -> refuseTooManyRequired(at, rule));
    return Optional.of(rule);
  }

  private static Optional<String> name(Field field) {
    return TextReader.name(field)
        .filter(
            name -> {
              boolean free = !name.equals(Policy.DEFAULT);
              if (!free) {
                field.wrong("this name stands for what no rule names", "another name");
              }
              return free;
            });
  }

  private static Optional<String> namespace(Field field) {
    return TextReader.line(field, 256, "host, any, or the name of a network namespace");
  }

  private static Set<Protocol> protocols(Section section) {
    Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
    section
        .optional("protocol")
        .flatMap(field -> field.oneOrMore("tcp, udp, or both in a list"))
        .ifPresent(items -> protocols.addAll(Distinct.read(items, PROTOCOL::read)));
    return protocols.isEmpty() ? EnumSet.allOf(Protocol.class) : protocols;
  }

  private static Optional<String> because(Field field) {
    return TextReader.line(field, LONGEST_BECAUSE, "the reason, in one line");
  }

  /** Where nothing may listen, nobody may listen anywhere: the terms would never be asked. */
  private static void refuseIdleTerms(Section section, Rule rule) {
    if (rule.expect() != Expect.CLOSED) {
      return;
    }
    for (String term : List.of("address", "by")) {
      section
          .optional(term)
          .ifPresent(
              field ->
                  field.wrong(
                      "a closed rule lets nobody listen, so this has no say",
                      term,
                      "no " + term + ", or expect: allowed",
                      null));
    }
  }

  private static void refuseTooManyRequired(Field ports, Rule rule) {
    int endpoints = distinct(rule.ports()) * rule.protocols().size();
    if (rule.expect() == Expect.REQUIRED && endpoints > MOST_REQUIRED) {
      ports.wrong(
          "the rule requires too many endpoints",
          endpoints + ", each port and protocol counted",
          "at most " + MOST_REQUIRED,
          null);
    }
  }

  private static int distinct(List<PortRange> ports) {
    BitSet all = new BitSet();
    ports.forEach(range -> all.set(range.first(), range.last() + 1));
    return all.cardinality();
  }
}
