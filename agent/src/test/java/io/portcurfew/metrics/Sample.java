package io.portcurfew.metrics;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One scan of a host where 611 is open, held by a process with a hostile name. */
final class Sample {

  static final Instant NOW = Instant.parse("2026-11-23T01:02:03.456Z");
  static final String HOSTILE = "evil\"} 1\n# TYPE x\u001b[31m\u202e";
  static final Endpoint OPEN = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 611);
  static final Endpoint SSH = new Endpoint(Protocol.TCP, Address.ANY_IPV6, 22);
  static final Endpoint DNS = new Endpoint(Protocol.UDP, Address.ANY_IPV4, 53);

  private Sample() {}

  static Rule rule(String name, int port, Expectation expect, Severity severity) {
    return new Rule(
        name,
        new RuleScope(List.of(new PortRange(port, port)), Set.of(Protocol.TCP, Protocol.UDP)),
        expect,
        RuleTerms.NONE,
        NotifySettings.of(severity));
  }

  static Policy policy() {
    return new Policy(
        true,
        List.of(
            rule("npmp-gui", 611, Expectation.CLOSED, Severity.CRITICAL),
            rule("ssh", 22, Expectation.ALLOWED, Severity.WARNING),
            rule("db \"a\\b\"", 5432, Expectation.REQUIRED, Severity.WARNING)));
  }

  static JudgedSnapshot judgedAt(Instant at) {
    return new JudgedSnapshot(snapshot(at, true), judged().judgement());
  }

  static Snapshot snapshot(boolean complete, SourceReport... sources) {
    return snapshot(NOW, complete, sources);
  }

  private static Snapshot snapshot(Instant at, boolean complete, SourceReport... sources) {
    HostText hostile = HostText.of(HOSTILE);
    Owner owner = new Owner(4711, hostile, hostile, hostile, 0L);
    return new Snapshot(
        hostile,
        at,
        complete,
        List.of(
            new Listener(OPEN, null, List.of(owner), "oshi"),
            new Listener(SSH, true, List.of(), "oshi"),
            new Listener(DNS, null, List.of(), "oshi")),
        List.of(new Gap("ss", Gap.What.LISTENERS, hostile.toString())),
        List.of(sources),
        List.of(),
        PortRange.LINUX_EPHEMERAL);
  }

  static Snapshot snapshot() {
    return snapshot(
        true,
        new SourceReport("oshi", true, true, 3, 0, Duration.ofMillis(42)),
        new SourceReport("ss", false, false, 0, 1, Duration.ofSeconds(5)));
  }

  static Judgement judgement(Map<String, Trilean> compliance, boolean complete) {
    return new Judgement(
        Map.of(
            OPEN, new Ruling(Verdict.FINDING, "npmp-gui"),
            SSH, new Ruling(Verdict.ALLOWED, "ssh"),
            DNS, new Ruling(Verdict.UNLISTED, null)),
        List.of(finding()),
        compliance,
        complete);
  }

  static Judgement judgement() {
    return judgement(
        Map.of("npmp-gui", Trilean.NO, "ssh", Trilean.YES, "db \"a\\b\"", Trilean.UNKNOWN), true);
  }

  static JudgedSnapshot judged() {
    return new JudgedSnapshot(snapshot(), judgement());
  }

  static Finding finding() {
    return Finding.ofEndpoint(
        FindingKind.OPEN,
        "npmp-gui",
        NotifySettings.of(Severity.CRITICAL),
        OPEN,
        HOSTILE,
        List.of(),
        List.of());
  }

  static List<Alert> alerts() {
    return List.of(
        new Alert("1", AlertState.FIRING, finding(), NOW, null),
        new Alert("2", AlertState.RESOLVED, finding(), NOW, NOW));
  }
}
