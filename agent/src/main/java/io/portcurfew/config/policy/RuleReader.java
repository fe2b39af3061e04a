package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.DateReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads one rule of a policy. */
final class RuleReader {

  static final List<String> KEYS =
      Stream.of(
              List.of("name"),
              ScopeReader.KEYS,
              List.of("expect", "address", "by", "replaced", "until"),
              NotifySettingsReader.KEYS,
              EvidenceReader.KEYS)
          .flatMap(List::stream)
          .toList();

  /** Each required endpoint may become a finding, so a larger number is probably a mistake. */
  static final int MOST_REQUIRED = 64;

  private static final ChoiceReader<Expectation> EXPECT =
      ChoiceReader.of(Expectation.values(), Expectation::label);

  /** The values of {@code replaced}. */
  private enum Replaced {
    ALLOW,
    WARN
  }

  private static final ChoiceReader<Replaced> REPLACED =
      ChoiceReader.of(Replaced.values(), value -> value.name().toLowerCase(Locale.ROOT));

  private RuleReader() {}

  /** Reads a rule; adds problems and returns nothing if it is not valid. */
  public static Optional<Rule> read(Field field) {
    return Section.of(field, KEYS).flatMap(RuleReader::read);
  }

  private static Optional<Rule> read(Section section) {
    Optional<String> name = section.required("name").flatMap(RuleReader::name);
    Optional<RuleScope> scope = ScopeReader.read(section);
    Optional<Expectation> expect = section.required("expect").flatMap(EXPECT::read);
    RuleTerms terms = terms(section);
    Optional<LocalDate> until = section.optional("until").flatMap(DateReader::read);
    NotifySettings notify = NotifySettingsReader.read(section);
    if (name.isEmpty() || scope.isEmpty() || expect.isEmpty()) {
      return Optional.empty();
    }
    Rule rule =
        new Rule(
            name.get(),
            scope.get(),
            expect.get(),
            terms,
            until.orElse(null),
            notify,
            EvidenceReader.read(section));
    refuseUselessTerms(section, rule);
    refuseRequiredOwner(section, rule);
    refuseRequiredSockets(section, rule);
    refuseTooManyRequired(section, rule);
    return Optional.of(rule);
  }

  private static Optional<String> name(Field field) {
    return TextReader.name(field)
        .filter(
            name -> {
              boolean free = !name.equals(Policy.DEFAULT);
              if (!free) {
                field.wrong("this name is reserved for the default", "another name");
              }
              return free;
            });
  }

  private static RuleTerms terms(Section section) {
    List<AddressTerm> addresses =
        section.optional("address").map(AddressReader::read).orElse(List.of());
    List<OwnerTerm> by = section.optional("by").map(OwnerTermReader::read).orElse(List.of());
    boolean warns =
        section.optional("replaced").flatMap(REPLACED::read).orElse(Replaced.ALLOW)
            == Replaced.WARN;
    return new RuleTerms(addresses, by, warns);
  }

  /** Refuses terms of a closed rule: nothing may listen, so they would have no effect. */
  private static void refuseUselessTerms(Section section, Rule rule) {
    if (rule.expect() != Expectation.CLOSED) {
      return;
    }
    for (String term : List.of("address", "by", "replaced")) {
      section
          .optional(term)
          .ifPresent(
              field ->
                  field.wrong(
                      "a closed rule allows no listener, so this has no effect",
                      term,
                      "no " + term + ", or expect: allowed",
                      null));
    }
  }

  /** A listener that is missing has no owner, so such a rule could require nothing. */
  private static void refuseRequiredOwner(Section section, Rule rule) {
    if (rule.expect() == Expectation.REQUIRED) {
      section
          .optional("owner")
          .ifPresent(
              field ->
                  field.wrong(
                      "a required rule cannot select by owner: a missing listener has none",
                      "owner",
                      "ports, with the owner in by",
                      null));
    }
  }

  private static void refuseRequiredSockets(Section section, Rule rule) {
    if (rule.expect() == Expectation.REQUIRED && rule.scope().isAboutSockets()) {
      section
          .optional("expect")
          .ifPresent(
              field ->
                  field.wrong(
                      "a rule about sockets requires none", "required", "closed or allowed", null));
    }
  }

  private static void refuseTooManyRequired(Section section, Rule rule) {
    int endpoints = rule.scope().size();
    if (rule.expect() == Expectation.REQUIRED && endpoints > MOST_REQUIRED) {
      section
          .optional("ports")
          .ifPresent(
              ports ->
                  ports.wrong(
                      "the rule requires too many endpoints",
                      endpoints + " pairs of port and protocol",
                      "at most " + MOST_REQUIRED,
                      null));
    }
  }
}
