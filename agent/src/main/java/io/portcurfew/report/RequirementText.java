package io.portcurfew.report;

import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** The requirement of a rule in words: {@code tcp 22 allowed on loopback}. */
final class RequirementText {

  private RequirementText() {}

  static String of(Rule rule) {
    RuleScope scope = rule.scope();
    return subject(scope)
        + words(" of ", scope.owners(), " or ")
        + (scope.namespace() == null ? "" : " in namespace " + scope.namespace())
        + " "
        + rule.expect().label()
        + words(" on ", rule.terms().addresses(), " or ")
        + words(", held by ", rule.terms().by(), " or ");
  }

  private static String subject(RuleScope scope) {
    return scope.isAboutSockets()
        ? words("", scope.sockets().stream().map(family -> family.label()).toList(), " and ")
            + " sockets"
        : words(
                "",
                scope.protocols().stream()
                    .map(protocol -> protocol.name().toLowerCase(Locale.ROOT))
                    .sorted()
                    .toList(),
                " and ")
            + words(" ", scope.ports(), ", ");
  }

  private static String words(String before, Collection<?> items, String between) {
    return items.isEmpty()
        ? ""
        : before + items.stream().map(String::valueOf).collect(Collectors.joining(between));
  }
}
