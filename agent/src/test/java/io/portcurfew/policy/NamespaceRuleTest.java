package io.portcurfew.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules about one namespace, about a group of them, and about any. */
class NamespaceRuleTest {

  private static Rule rule(String name, @Nullable String namespace) {
    return new Rule(
        name,
        new RuleScope(List.of(new PortRange(80, 80)), Set.of(Protocol.TCP), namespace),
        Expectation.ALLOWED,
        RuleTerms.NONE,
        NotifySettings.of(Severity.WARNING));
  }

  private static final List<Rule> RULES =
      List.of(
          rule("web", "container/web-1"),
          rule("inside", "containers"),
          rule("vpn", "vpn"),
          rule("elsewhere", "others"),
          rule("rest", null));

  @ParameterizedTest
  @CsvSource({
    "host, rest",
    "container/web-1, web",
    "container/web-2, inside",
    "pod/shop/web-0, inside",
    "vpn, vpn",
    "net:[4026532324], elsewhere",
  })
  void firstRuleThatSelectsTheNamespaceDecides(String namespace, String rule) {
    ActiveRules active = new Policy(true, RULES).at(Instant.EPOCH);
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 80, namespace);
    assertThat(active.ruleAbout(endpoint).map(Rule::name)).contains(rule);
  }

  @Test
  void ruleBelowItsGroupNeverDecides() {
    List<Rule> rules = List.of(rule("elsewhere", "others"), rule("inside", "containers"));
    assertThat(RuleCoverage.of(rules))
        .extracting(RuleCoverage::isWhole)
        .containsExactly(false, true);
  }
}
