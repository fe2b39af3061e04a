package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Warning;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleCoverage;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds valid rules that are probably mistakes. */
final class PolicyWarnings {

  /** The most rules named in one warning. */
  private static final int MOST_NAMED = 5;

  /** A unit below the manager of a user other than root (user@.service(5)). */
  private static final Pattern BELOW_A_USER = Pattern.compile("user@(?!0\\.service/).*/.*");

  /** The inode number of a network namespace. */
  private static final Pattern NUMBER = Pattern.compile("net:\\[[0-9]+\\]");

  private PolicyWarnings() {}

  /**
   * The warnings, in the order of the rules.
   *
   * @param platform decides which terms can be proven
   */
  static List<Warning> of(List<PlacedRule> rules, LocalDate today, ProofPlatform platform) {
    List<Rule> counting =
        rules.stream().map(PlacedRule::rule).filter(r -> r.countsOn(today)).toList();
    Map<String, RuleCoverage> covers =
        RuleCoverage.of(counting).stream()
            .collect(Collectors.toMap(cover -> cover.rule().name(), cover -> cover));
    List<Warning> warnings = new ArrayList<>();
    for (PlacedRule placed : rules) {
      RuleCoverage cover = covers.get(placed.rule().name());
      if (cover == null) {
        warnings.add(expired(placed));
      } else {
        covered(placed, cover).ifPresent(warnings::add);
        unproven(placed).ifPresent(warnings::add);
        neverHolds(placed).ifPresent(warnings::add);
        namesNoClient(placed).ifPresent(warnings::add);
        namespaceNeverMatches(placed).ifPresent(warnings::add);
        requiresBothProtocols(placed).ifPresent(warnings::add);
        recycled(placed).ifPresent(warnings::add);
        claimed(placed).ifPresent(warnings::add);
        notOnThisPlatform(placed, platform).ifPresent(warnings::add);
      }
    }
    return warnings;
  }

  private static Warning expired(PlacedRule placed) {
    String last = "the rule expired after " + placed.rule().until() + " and has no effect";
    return placed.warning("until", last);
  }

  private static Optional<Warning> covered(PlacedRule placed, RuleCoverage cover) {
    Rule rule = placed.rule();
    if (cover.isWhole()) {
      String rules = names(cover.by());
      return Optional.of(
          placed.warning(
              "the rule never decides, because earlier rules cover all of it: " + rules));
    }
    if (rule.expect() == Expectation.CLOSED) {
      List<Rule> broader = cover.broader().stream().filter(PolicyWarnings::allows).toList();
      String why = "broader earlier rules allow part of the ports that this rule closes: ";
      return broader.isEmpty()
          ? Optional.empty()
          : Optional.of(placed.warning("ports", why + names(broader)));
    }
    return allowsAll(rule)
        ? Optional.of(
            placed.warning("ports", "the rule allows any process to listen on every port"))
        : Optional.empty();
  }

  private static Optional<Warning> unproven(PlacedRule placed) {
    return first(placed, OwnerTerm::isOpenToEveryUser)
        .map(
            term ->
                placed.warning(
                    key(placed, term),
                    "every user can run this file with libraries of his own, so the term "
                        + term
                        + " needs a user too"));
  }

  private static Optional<Warning> claimed(PlacedRule placed) {
    return first(placed, term -> term.script() != null)
        .map(
            term ->
                placed.warning(
                    key(placed, term),
                    "script proves only that a process of "
                        + (term.user() == null ? "any user" : "the user " + term.user())
                        + " claims to run that file: another program of "
                        + (term.user() == null ? "any user" : "that user")
                        + " can claim it too"));
  }

  private static Optional<Warning> notOnThisPlatform(PlacedRule placed, ProofPlatform platform) {
    return first(placed, term -> platform.problem(term) != null)
        .map(
            term ->
                placed.warning(
                    key(placed, term),
                    "the term " + term + " can never be proven here: " + platform.problem(term)));
  }

  private static Optional<Warning> neverHolds(PlacedRule placed) {
    return first(placed, term -> term.unit() != null && BELOW_A_USER.matcher(term.unit()).matches())
        .map(
            term ->
                placed.warning(
                    key(placed, term),
                    "the term "
                        + term
                        + " never holds: a user chooses the names below his manager, so the unit is"
                        + " the part before the slash"));
  }

  /** With the client ports of Linux, since the policy may be checked on another host. */
  private static Optional<Warning> namesNoClient(PlacedRule placed) {
    RuleScope scope = placed.rule().scope();
    boolean forClients =
        scope.protocols().contains(Protocol.UDP)
            && scope.coversMostOf(PortRange.LINUX_EPHEMERAL)
            && !(allows(placed.rule()) && placed.rule().terms().isEmpty());
    return forClients
        ? Optional.of(
            placed.warning(
                "ports",
                "the range covers most of the client ports ("
                    + PortRange.LINUX_EPHEMERAL
                    + "), so it does not judge sockets of UDP clients; owner selects them"))
        : Optional.empty();
  }

  private static Optional<Warning> recycled(PlacedRule placed) {
    String namespace = placed.rule().scope().namespace();
    return namespace == null || !NUMBER.matcher(namespace).find()
        ? Optional.empty()
        : Optional.of(
            placed.warning(
                "namespace",
                "the kernel gives the number of a namespace that has ended to the next one; use"
                    + " containers, others or a name"));
  }

  /** A namespace is a name, not a pattern. */
  private static Optional<Warning> namespaceNeverMatches(PlacedRule placed) {
    String namespace = placed.rule().scope().namespace();
    boolean pattern =
        namespace != null && (namespace.startsWith("!") || namespace.indexOf('*') >= 0);
    return pattern
        ? Optional.of(
            placed.warning(
                "namespace",
                "no network namespace has the name "
                    + namespace
                    + ": patterns are not read; use any, host, containers, others, or a name as"
                    + " shown by scan"))
        : Optional.empty();
  }

  private static Optional<Warning> requiresBothProtocols(PlacedRule placed) {
    boolean unsaid =
        placed.rule().expect() == Expectation.REQUIRED && !placed.keys().containsKey("protocol");
    return unsaid
        ? Optional.of(
            placed.warning(
                "expect",
                "the rule has no protocol, so it requires a listener on TCP and one on UDP"))
        : Optional.empty();
  }

  private static String key(PlacedRule placed, OwnerTerm term) {
    return placed.rule().scope().owners().contains(term) ? "owner" : "by";
  }

  private static Optional<OwnerTerm> first(PlacedRule placed, Predicate<OwnerTerm> wanted) {
    Rule rule = placed.rule();
    return Stream.concat(rule.scope().owners().stream(), rule.terms().by().stream())
        .filter(wanted)
        .findFirst();
  }

  private static boolean allows(Rule rule) {
    return rule.expect() != Expectation.CLOSED;
  }

  private static boolean allowsAll(Rule rule) {
    RuleTerms terms = rule.terms();
    boolean anywhere =
        terms.addresses().isEmpty() || terms.addresses().contains(new AddressTerm.Any());
    RuleScope scope = rule.scope();
    boolean anybody = terms.by().isEmpty() && !scope.selectsByOwner();
    return allows(rule) && anywhere && anybody && scope.hasEveryPort();
  }

  private static String names(List<Rule> rules) {
    return rules.stream().limit(MOST_NAMED).map(Rule::name).collect(Collectors.joining(", "))
        + (rules.size() > MOST_NAMED ? " and others" : "");
  }
}
