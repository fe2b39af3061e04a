package io.portcurfew.judge;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.View;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Listeners, owners and rules in short form. */
public final class SampleListeners {

  public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private SampleListeners() {}

  public static Endpoint tcp(String address, int port) {
    return new Endpoint(Protocol.TCP, Address.parse(address).orElseThrow(), port);
  }

  public static Endpoint udp(String address, int port) {
    return new Endpoint(Protocol.UDP, Address.parse(address).orElseThrow(), port);
  }

  public static Listener held(Endpoint endpoint, Owner... owners) {
    return new Listener(endpoint, null, List.of(owners), "oshi");
  }

  public static Owner owner(int pid, String executable, String user) {
    return new Owner(
        pid,
        null,
        HostText.of(executable),
        HostText.of(user),
        null,
        OwnerDetails.NONE.withElsewhere(false));
  }

  public static Snapshot seen(Listener... listeners) {
    return snapshot(new View("oshi", true, List.of(listeners), List.of()));
  }

  public static Snapshot partlySeen(Listener... listeners) {
    Gap gap = new Gap("oshi", Gap.What.LISTENERS, "cannot read /proc/net/tcp");
    return snapshot(new View("oshi", false, List.of(listeners), List.of(gap)));
  }

  public static Snapshot snapshot(View... views) {
    return PlainSnapshots.of(NOON, views);
  }

  public static Rule closed(String name, int port) {
    return rule(name, port, Expectation.CLOSED, List.of(), List.of());
  }

  public static Rule allowed(String name, int port, AddressTerm... addresses) {
    return rule(name, port, Expectation.ALLOWED, List.of(addresses), List.of());
  }

  public static Rule allowedBy(String name, int port, OwnerTerm... by) {
    return rule(name, port, Expectation.ALLOWED, List.of(), List.of(by));
  }

  public static Rule required(String name, int port) {
    return rule(name, port, Expectation.REQUIRED, List.of(), List.of());
  }

  private static Rule rule(
      String name, int port, Expectation expect, List<AddressTerm> addresses, List<OwnerTerm> by) {
    return new Rule(
        name,
        new RuleScope(List.of(new PortRange(port, port)), Set.of(Protocol.TCP, Protocol.UDP)),
        expect,
        new RuleTerms(addresses, by),
        NotifySettings.of(Severity.WARNING, "reasons"));
  }

  public static Policy allowing(Rule... rules) {
    return new Policy(true, List.of(rules));
  }

  public static Policy denying(Rule... rules) {
    return new Policy(false, List.of(rules));
  }
}
