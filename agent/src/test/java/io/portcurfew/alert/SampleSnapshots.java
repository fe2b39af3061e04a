package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.FindingType;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sample findings and scans for tests of alerts. */
public final class SampleSnapshots {

  public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  static final Endpoint NPMP = tcp(611);
  public static final Duration DAY = Duration.ofHours(24);

  private SampleSnapshots() {}

  /** An endpoint on loopback. */
  public static Endpoint tcp(int port) {
    return new Endpoint(Protocol.TCP, Address.parse("127.0.0.1").orElseThrow(), port);
  }

  static Instant at(long seconds) {
    return NOON.plusSeconds(seconds);
  }

  static Finding open611() {
    return finding(FindingKind.OPEN, "npmp-gui", NPMP, Severity.CRITICAL, Duration.ZERO);
  }

  /** Port 611, open and held by this owner. */
  static Finding open611(Owner owner) {
    Finding of = open611();
    return Finding.ofEndpoint(
        FindingKind.OPEN,
        of.rule(),
        of.notifySettings(),
        of.endpoint(),
        "open",
        List.of(owner),
        List.of());
  }

  /** A finding with an owner and a line of evidence. */
  public static Finding finding(
      FindingType kind, String rule, Endpoint endpoint, Severity severity, Duration holdFor) {
    return Finding.ofEndpoint(
        kind,
        rule,
        new NotifySettings(severity, null, holdFor, new TreeMap<>(), null),
        endpoint,
        endpoint + " is " + kind.label(),
        List.of(Owner.of(4711)),
        List.of("sock_diag: listens"));
  }

  static Finding of(FindingType kind, String rule, Endpoint endpoint) {
    return finding(kind, rule, endpoint, Severity.WARNING, Duration.ZERO);
  }

  static AlertChanges scan(Alerts before, long second, boolean complete, Finding... findings) {
    return scan(before, at(second), complete, List.of(findings));
  }

  static AlertChanges scan(Alerts before, Instant now, boolean complete, List<Finding> findings) {
    Judgement judgement = new Judgement(Map.of(), findings, Map.of(), complete);
    return before.update(judgement, snapshot("web-1", now, complete), now, DAY);
  }

  /** A snapshot without listeners. */
  public static Snapshot snapshot(String host, Instant now, boolean complete) {
    return new Snapshot(
        HostText.of(host),
        now,
        complete,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        PortRange.LINUX_EPHEMERAL);
  }
}
