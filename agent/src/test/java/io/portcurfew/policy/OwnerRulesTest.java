package io.portcurfew.policy;

import static io.portcurfew.judge.SampleListeners.allowed;
import static io.portcurfew.judge.SampleListeners.closed;
import static io.portcurfew.judge.SampleListeners.denying;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.owner;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static io.portcurfew.judge.SampleListeners.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.UnknownOwner;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that select listeners by their owners. */
class OwnerRulesTest {

  private static final Owner DNSMASQ = owner(53, "/usr/sbin/dnsmasq", "dnsmasq");
  private static final Owner NC = owner(666, "/usr/bin/nc", "nobody");
  private static final Rule ANYWHERE = byOwner("resolver", Expectation.ALLOWED);

  private static Rule byOwner(String name, Expectation expect) {
    return new Rule(
        name,
        new RuleScope(
            RuleScope.EVERY_PORT,
            EnumSet.allOf(Protocol.class),
            null,
            List.of(new OwnerTerm("/usr/sbin/dnsmasq", "dnsmasq"))),
        expect,
        RuleTerms.NONE,
        NotifySettings.of(Severity.WARNING));
  }

  private static Rule range(int first, int last) {
    return new Rule(
        "range",
        new RuleScope(List.of(new PortRange(first, last)), EnumSet.of(Protocol.UDP)),
        Expectation.ALLOWED,
        new RuleTerms(List.of(), List.of(new OwnerTerm("/usr/sbin/dnsmasq", "dnsmasq"))),
        NotifySettings.of(Severity.WARNING));
  }

  private static Judgement judge(Policy policy, Snapshot snapshot) {
    return Judge.judge(policy, snapshot, List.of());
  }

  private static List<FindingType> kinds(Policy policy, Listener listener) {
    return judge(policy, seen(listener)).findings().stream().map(Finding::kind).toList();
  }

  @Test
  void ownerMayListenAnywhereAndNobodyElse() {
    Policy policy = denying(ANYWHERE);
    assertThat(kinds(policy, held(udp("0.0.0.0", 2049), DNSMASQ))).isEmpty();
    assertThat(kinds(policy, held(tcp("::", 8080), DNSMASQ))).isEmpty();
    assertThat(kinds(policy, held(udp("0.0.0.0", 2049), NC))).containsExactly(FindingKind.UNLISTED);
  }

  @Test
  void everyHolderMustBeTheOwner() {
    assertThat(kinds(denying(ANYWHERE), held(tcp("::", 8080), DNSMASQ, NC)))
        .containsExactly(FindingKind.UNLISTED);
  }

  @Test
  void firstRuleDecidesWhateverItSelectsBy() {
    Listener listener = held(tcp("::", 611), DNSMASQ);
    assertThat(kinds(denying(closed("npmp-gui", 611), ANYWHERE), listener))
        .containsExactly(FindingKind.OPEN);
    assertThat(kinds(denying(ANYWHERE, closed("npmp-gui", 611)), listener)).isEmpty();
    assertThat(kinds(denying(byOwner("no-dns", Expectation.CLOSED), allowed("web", 611)), listener))
        .containsExactly(FindingKind.OPEN);
  }

  @Test
  void unknownOwnerIsNotSelected() {
    Listener unknown = held(udp("0.0.0.0", 2049)).without(UnknownOwner.NOT_YET);
    Finding finding = judge(denying(ANYWHERE), seen(unknown)).findings().get(0);
    assertThat(finding.kind()).isEqualTo(FindingKind.UNLISTED);
    assertThat(finding.cause()).isEqualTo(UnknownOwner.NOT_YET);
    assertThat(finding.message())
        .endsWith("the rule resolver cannot select it, because its owner is not known yet");
    assertThat(finding.holdFor()).isEqualTo(Duration.ofSeconds(10));
    assertThat(holdFor(held(udp("0.0.0.0", 2049)).without(UnknownOwner.GONE)))
        .as("a client may have closed its socket")
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(holdFor(held(tcp("0.0.0.0", 2049)).without(UnknownOwner.GONE))).isZero();
    assertThat(holdFor(held(udp("0.0.0.0", 2049)).without(UnknownOwner.KERNEL))).isZero();
  }

  private static Duration holdFor(Listener listener) {
    return judge(denying(ANYWHERE), seen(listener)).findings().get(0).holdFor();
  }

  @Test
  void rangeOfMostClientPortsNamesNoClient() {
    Policy policy = denying(range(1024, 65535));
    assertThat(kinds(policy, held(udp("0.0.0.0", 40000), NC))).isEmpty();
    assertThat(kinds(policy, held(udp("192.0.2.1", 40000), NC))).isEmpty();
    assertThat(kinds(policy, held(udp("0.0.0.0", 2049), NC)))
        .containsExactly(FindingKind.WRONG_OWNER);
    assertThat(kinds(policy, held(udp("0.0.0.0", 40000), NC).asServer(true)))
        .as("no client")
        .containsExactly(FindingKind.WRONG_OWNER);
    assertThat(kinds(denying(range(40000, 40010)), held(udp("0.0.0.0", 40000), NC)))
        .containsExactly(FindingKind.WRONG_OWNER);
  }

  @Test
  void knownClassDecidesInsteadOfThePort() {
    assertThat(kinds(denying(), held(udp("0.0.0.0", 40000), NC))).isEmpty();
    assertThat(kinds(denying(), held(udp("0.0.0.0", 40000), NC).asServer(true)))
        .containsExactly(FindingKind.UNLISTED);
    assertThat(kinds(denying(), held(udp("0.0.0.0", 1024), NC).asServer(false))).isEmpty();
  }
}
