package io.portcurfew.judge;

import static io.portcurfew.judge.SampleListeners.allowed;
import static io.portcurfew.judge.SampleListeners.allowing;
import static io.portcurfew.judge.SampleListeners.closed;
import static io.portcurfew.judge.SampleListeners.denying;
import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.owner;
import static io.portcurfew.judge.SampleListeners.partlySeen;
import static io.portcurfew.judge.SampleListeners.required;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static io.portcurfew.judge.SampleListeners.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {

  private static final Owner NETCAT = owner(666, "/usr/bin/nc", "nobody");

  private static Judgement judge(Policy policy, Snapshot snapshot) {
    return Judge.judge(policy, snapshot, List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "127.0.0.2", "0.0.0.0", "::", "fe80::1%eth0"})
  void listenerOnAClosedPort_isOpenOnAnyAddress(String address) {
    Policy policy = allowing(closed("npmp-gui", 611));
    for (Listener listener : List.of(held(tcp(address, 611)), held(udp(address, 611)))) {
      Judgement judgement = judge(policy, seen(listener));
      assertThat(judgement.findings())
          .extracting(Finding::kind, Finding::rule, Finding::endpoint)
          .containsExactly(tuple(FindingKind.OPEN, "npmp-gui", listener.endpoint()));
      assertThat(judgement.hasBreach()).isTrue();
      assertThat(judgement.compliant()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {6110, 25346, 61100, 610, 612, 61})
  void similarPort_isNotTheClosedOne(int port) {
    Judgement judgement =
        judge(allowing(closed("npmp-gui", 611)), seen(held(tcp("0.0.0.0", port))));
    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.compliant()).isTrue();
  }

  @Test
  void firstMatchingRuleDecides() {
    Policy policy = allowing(allowed("first", 611), closed("second", 611));
    Judgement judgement = judge(policy, seen(held(tcp("::1", 611))));
    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.rulings())
        .containsEntry(tcp("::1", 611), new Ruling(Verdict.ALLOWED, "first"));
  }

  @Test
  void aFindingNamesTheOwner() {
    Judgement judgement =
        judge(allowing(closed("npmp-gui", 611)), seen(held(tcp("::1", 611), NETCAT)));
    assertThat(judgement.findings().get(0).message())
        .isEqualTo(
            "tcp [::1]:611 is open and should be closed; held by pid 666 /usr/bin/nc as nobody");
    assertThat(judgement.findings().get(0).owners()).containsExactly(NETCAT);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 0",
    "::1, 0",
    "127.255.0.9, 0",
    "0.0.0.0, 1",
    "::, 1",
    "10.0.0.1, 1",
    "fe80::1, 1"
  })
  void loopbackAllowsOnlyWhatThisHostReaches(String address, int findings) {
    Policy policy = allowing(allowed("db", 5432, new AddressTerm.Loopback()));
    assertThat(judge(policy, seen(held(tcp(address, 5432)))).findings())
        .hasSize(findings)
        .allMatch(finding -> finding.kind() == FindingKind.EXPOSED);
  }

  @Test
  void cutAddress_isNotKnownToBeInABlock() {
    Policy policy =
        allowing(
            allowed("db", 5432, new AddressTerm.Cidr(Address.parse("fe80::").orElseThrow(), 10)));
    Listener cut =
        new Listener(
            new Endpoint(Protocol.TCP, Address.cutAt("fe80::aede:48ff:"), 5432),
            null,
            List.of(),
            "netstat");
    Judgement judgement = judge(policy, seen(cut));
    assertThat(judgement.findings()).extracting(Finding::kind).containsExactly(FindingKind.BLIND);
    assertThat(judgement.hasBreach()).isFalse();
    assertThat(judgement.compliant()).isFalse();
  }

  @Test
  void ruleOfANamespace_matchesOnlyIt() {
    Endpoint inWeb = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 80, "web");
    Rule rule = inNamespace("web", Expectation.CLOSED);
    assertThat(judge(allowing(rule), seen(held(tcp("0.0.0.0", 80)))).findings()).isEmpty();
    assertThat(judge(allowing(rule), seen(held(inWeb))).findings())
        .extracting(Finding::endpoint)
        .containsExactly(inWeb);
    assertThat(judge(allowing(closed("any", 80)), seen(held(inWeb))).findings()).hasSize(1);
  }

  @Test
  void requiredListenerInAnotherNamespace_isMissing() {
    Rule rule = inNamespace("web", Expectation.REQUIRED);
    assertThat(judge(allowing(rule), seen(held(tcp("0.0.0.0", 80)))).findings())
        .extracting(Finding::kind, finding -> finding.endpoint().namespace())
        .containsExactly(tuple(FindingKind.MISSING, "web"));
  }

  private static Rule inNamespace(String namespace, Expectation expect) {
    return new Rule(
        "r",
        new RuleScope(List.of(new PortRange(80, 80)), Set.of(Protocol.TCP), namespace),
        expect,
        RuleTerms.NONE,
        NotifySettings.of(Severity.WARNING));
  }

  @Test
  void theDefaultDecidesWhatNoRuleIsAbout() {
    Snapshot snapshot = seen(held(tcp("::", 8080)));
    assertThat(judge(allowing(), snapshot).rulings())
        .containsEntry(tcp("::", 8080), new Ruling(Verdict.UNLISTED, null));
    assertThat(judge(denying(), snapshot).findings())
        .extracting(Finding::kind, Finding::rule)
        .containsExactly(tuple(FindingKind.UNLISTED, Policy.DEFAULT));
  }

  @Test
  void udpClient_isJudgedOnlyByRulesNamingItsPort() {
    Snapshot client = seen(held(udp("0.0.0.0", 40000)));
    assertThat(judge(denying(), client).findings()).isEmpty();
    assertThat(judge(denying(closed("odd", 40000)), client).findings()).hasSize(1);
    assertThat(judge(denying(), seen(held(udp("127.0.0.1", 40000)))).findings()).isEmpty();
    assertThat(judge(denying(), seen(held(tcp("0.0.0.0", 40000)))).findings()).hasSize(1);
  }

  @Test
  void requiredPort_isMissingForEachProtocol() {
    Judgement judgement = judge(allowing(required("dns", 53)), seen(held(udp("127.0.0.53", 53))));
    assertThat(judgement.findings())
        .extracting(Finding::kind, finding -> finding.endpoint().protocol().label())
        .containsExactly(tuple(FindingKind.MISSING, "tcp"));
    assertThat(judgement.findings().get(0).holdFor()).isPositive();
  }

  @Test
  void endpointOfAnEarlierRule_isNotRequiredLater() {
    Policy policy = allowing(closed("no-dns", 53), required("dns", 53));
    assertThat(judge(policy, seen()).findings()).isEmpty();
  }

  @Test
  void incompleteSnapshot_isBlindAndMissesNothing() {
    Judgement judgement = judge(allowing(required("dns", 53), closed("x", 611)), partlySeen());
    assertThat(judgement.findings()).extracting(Finding::kind).containsExactly(FindingKind.BLIND);
    assertThat(judgement.findings().get(0).evidence()).contains("oshi: cannot read /proc/net/tcp");
    assertThat(judgement.compliant()).isFalse();
    assertThat(judgement.compliance())
        .containsValue(Trilean.UNKNOWN)
        .doesNotContainValue(Trilean.YES);
  }

  @Test
  void listenerOfAnIncompleteSnapshot_isAFinding() {
    Judgement judgement =
        judge(allowing(closed("npmp-gui", 611)), partlySeen(held(tcp("::1", 611))));
    assertThat(judgement.findings())
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(FindingKind.OPEN, FindingKind.BLIND);
    assertThat(judgement.compliance()).containsEntry("npmp-gui", Trilean.NO);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theOrderOfRowsChangesNothing(long seed) {
    Random random = new Random(seed);
    List<Listener> listeners = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int port = 600 + random.nextInt(50);
      listeners.add(held(random.nextBoolean() ? tcp("::1", port) : udp("0.0.0.0", port), NETCAT));
    }
    Policy policy = denying(closed("a", 611), allowed("b", 612, new AddressTerm.Loopback()));
    Judgement judgement = judge(policy, seen(listeners.toArray(Listener[]::new)));
    Collections.shuffle(listeners, random);
    assertThat(judge(policy, seen(listeners.toArray(Listener[]::new)))).isEqualTo(judgement);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13})
  void laterRule_changesNoEarlierDecision(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int port = 1 + random.nextInt(65535);
      Listener listener = held(tcp("0.0.0.0", port));
      Rule earlier = random.nextBoolean() ? closed("a", port) : allowed("a", port);
      Rule later = random.nextBoolean() ? closed("b", port) : allowed("b", port);
      assertThat(judge(allowing(earlier, later), seen(listener)).rulings())
          .isEqualTo(judge(allowing(earlier), seen(listener)).rulings());
    }
  }
}
