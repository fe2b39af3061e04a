package io.portcurfew.explain;

import static io.portcurfew.judge.SampleListeners.NOON;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.owner;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RuleTraceTest {

  private static final Endpoint AT = tcp("127.0.0.1", 5432);
  private static final Set<Protocol> BOTH = EnumSet.allOf(Protocol.class);
  private static final OwnerTerm POSTGRES = new OwnerTerm("/usr/lib/*/postgres", "postgres");

  private static Rule rule(
      String name,
      int port,
      Set<Protocol> protocols,
      @Nullable String namespace,
      @Nullable LocalDate until) {
    RuleScope scope = new RuleScope(List.of(new PortRange(port, port)), protocols, namespace);
    RuleTerms terms = new RuleTerms(List.of(new AddressTerm.Loopback()), List.of(POSTGRES));
    return new Rule(
        name, scope, Expectation.ALLOWED, terms, until, NotifySettings.of(Severity.WARNING));
  }

  private static RuleTrace trace(Snapshot snapshot) {
    LocalDate yesterday = Policy.day(NOON).minusDays(1);
    Policy policy =
        new Policy(
            true,
            List.of(
                rule("other", 611, BOTH, null, null),
                rule("udp-only", 5432, Set.of(Protocol.UDP), null, null),
                rule("web-only", 5432, BOTH, "web", null),
                rule("late", 5432, BOTH, null, yesterday),
                rule("postgres", 5432, BOTH, null, null),
                rule("again", 5432, BOTH, null, null)));
    return RuleTrace.of(AT, policy, snapshot, Judge.judge(policy, snapshot, List.of()));
  }

  @Test
  void everyRuleHasItsReason() {
    assertThat(trace(seen()).steps())
        .extracting(step -> step.rule().name() + ", " + step.why().label() + ": " + step.text())
        .containsExactly(
            "other, other-ports: selects only port 611",
            "udp-only, other-protocol: selects only udp",
            "web-only, other-namespace: selects only the namespace web",
            "late, ran-out: matches, but expired after 2026-11-22",
            "postgres, decides: matches and decides",
            "again, later: matches, but postgres comes first");
  }

  @Test
  void everyTermIsCheckedAgainstTheListener() {
    Owner server = owner(1, "/usr/lib/15/postgres", "postgres");
    RuleTrace trace = trace(seen(held(AT, server, owner(2, "/usr/bin/nc", "postgres"))));
    assertThat(trace.checks())
        .extracting(c -> c.term() + " " + c.pid() + " " + c.found() + " " + c.holds())
        .containsExactly(
            "address null 127.0.0.1 YES",
            "by[0].executable 1 /usr/lib/15/postgres YES",
            "by[0].executable 2 /usr/bin/nc NO",
            "by[0].user 1 postgres YES",
            "by[0].user 2 postgres YES");
    assertThat(trace.findings()).extracting(Finding::kind).containsExactly(FindingKind.WRONG_OWNER);
  }

  @Test
  void unseenFactIsUnknown() {
    assertThat(trace(seen(held(AT))).checks())
        .extracting(c -> c.term() + " " + c.pid() + " " + c.found() + " " + c.holds())
        .containsExactly(
            "address null 127.0.0.1 YES",
            "by[0].executable null null UNKNOWN",
            "by[0].user null null UNKNOWN");
    assertThat(trace(seen()).ruling()).isNull();
  }
}
