package io.portcurfew.judge;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.ContainerTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.PathPattern;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Policies of every form that a file can have, over few ports so that rules meet. */
public final class RandomRules {

  /** The day before, on and after which rules run out. */
  public static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

  private static final List<String> TEXTS =
      List.of(
          "plain",
          "two words",
          "no",
          "null",
          "12",
          "1e3",
          "2027-06-30",
          "~x",
          "a: b",
          "a #b",
          "[x]",
          "{x}",
          "\"quoted\"",
          "it's",
          "back\\slash",
          "- dash",
          "%x",
          "@x",
          "true",
          "a,b",
          "*",
          "&a",
          "!t",
          " padded ",
          "\u00fcber \u65e5\u672c",
          "=",
          "<<",
          "?",
          "|",
          "x:",
          ".inf",
          "0x10");

  private final Random random;
  private final int mostPort;

  /** Rules about the ports from 1 on. */
  public RandomRules(Random random, int mostPort) {
    this.random = random;
    this.mostPort = mostPort;
  }

  /** A policy of no more than so many rules. */
  public Policy policy(int most) {
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      rules.add(rule("rule-" + i));
    }
    return new Policy(random.nextBoolean(), rules);
  }

  /** A rule. */
  public Rule rule(String name) {
    Expectation expect = one(Expectation.values());
    RuleTerms terms =
        expect == Expectation.CLOSED
            ? RuleTerms.NONE
            : new RuleTerms(distinct(2, this::address), distinct(2, this::owner));
    LocalDate until = maybe(() -> TODAY.plusDays(random.nextInt(3) - 1));
    List<OwnerTerm> owners =
        expect == Expectation.REQUIRED || random.nextInt(4) > 0
            ? List.of()
            : distinct(2, this::owner);
    return new Rule(name, scope(owners), expect, terms, until, notifySettings());
  }

  private RuleScope scope(List<OwnerTerm> owners) {
    List<PortRange> ports = new ArrayList<>(distinct(2, this::range));
    if (ports.isEmpty()) {
      ports.add(range());
    }
    Set<Protocol> protocols =
        random.nextBoolean() ? EnumSet.allOf(Protocol.class) : EnumSet.of(one(Protocol.values()));
    return new RuleScope(ports, protocols, maybe(() -> one("host", "web", "a: b")), owners);
  }

  private PortRange range() {
    int first = 1 + random.nextInt(mostPort);
    return new PortRange(first, Math.min(mostPort, first + random.nextInt(4)));
  }

  private AddressTerm address() {
    return switch (random.nextInt(6)) {
      case 0 -> new AddressTerm.Any();
      case 1 -> new AddressTerm.Loopback();
      case 2 -> new AddressTerm.Private();
      case 3 -> new AddressTerm.Interface(one("eth0", "br-lan.10", "y", "wg0"));
      case 4 -> new AddressTerm.Cidr(Address.parse(one("10.0.0.0", "fd00::")).orElseThrow(), 8);
      default ->
          new AddressTerm.Exact(
              Address.parse(one("192.0.2.1", "::1", "fe80::1%eth0", "0.0.0.0", "::"))
                  .orElseThrow());
    };
  }

  private OwnerTerm owner() {
    return new OwnerTerm(
        maybe(() -> one(new PathPattern("/opt/**/a*"), PathPattern.exactly("/srv/" + text()))),
        one("root", "app-1", "y", "null"),
        maybe(() -> one("app@1.service", "user@1.service/a\\x2db.scope")),
        maybe(this::container),
        maybe(() -> one("0".repeat(64), "e".repeat(64), "1e" + "3".repeat(62))),
        maybe(() -> one("openssl@3", "no", "g++")));
  }

  private ContainerTerm container() {
    if (random.nextBoolean()) {
      return ContainerTerm.ofId(one("4c01db0b339c", "123456789012", "web-1"));
    }
    PathPattern name = new PathPattern(one("web-*", "y", "12", "a [*]"));
    PathPattern image = maybe(() -> new PathPattern(one("nginx:*", "ghcr.io/**", "null")));
    return new ContainerTerm(null, name, image, null, maybe(() -> name), null, maybe(() -> name));
  }

  private NotifySettings notifySettings() {
    SortedMap<String, String> labels = new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      labels.put(one("team", "y", "_x", "null", "No"), text());
    }
    return new NotifySettings(
        one(Severity.values()),
        maybe(this::text),
        maybe(() -> Duration.ofSeconds(one(0, 1, 60, 90, 3600, 86_400))),
        labels,
        maybe(() -> URI.create(one("https://wiki.example.org/a?b=c#d", "http://h:80"))));
  }

  private String text() {
    return one(TEXTS) + one("", "", one(TEXTS));
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  @SafeVarargs
  private <T> T one(T... of) {
    return of[random.nextInt(of.length)];
  }

  private <T> @Nullable T maybe(Supplier<T> value) {
    return random.nextInt(3) == 0 ? value.get() : null;
  }

  private <T> List<T> distinct(int most, Supplier<T> value) {
    Set<T> values = new LinkedHashSet<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      values.add(value.get());
    }
    return List.copyOf(values);
  }
}
