package io.portcurfew.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExplanationTest {

  private static final Set<Protocol> BOTH = EnumSet.allOf(Protocol.class);
  private static final Gap BLIND = new Gap("ss", Gap.What.LISTENERS, "not installed");
  private static final Gap NO_OWNERS = new Gap("lsof", Gap.What.OWNERS, "not root");

  @Test
  void firstRuleForEachProtocolDecides() {
    Policy policy =
        new Policy(
            true,
            List.of(
                rule("only-tcp", Set.of(Protocol.TCP), Expectation.CLOSED, List.of(), List.of()),
                rule("both", BOTH, Expectation.ALLOWED, List.of(), List.of())));
    assertThat(explain(611, BOTH, policy, look(true)).decisions())
        .extracting(PortDecision::protocol, decision -> decision.rule().name())
        .containsExactly(tuple(Protocol.TCP, "only-tcp"), tuple(Protocol.UDP, "both"));
  }

  @Test
  void termsOfTheRuleAreExplained() {
    Rule rule =
        rule(
            "db",
            BOTH,
            Expectation.REQUIRED,
            List.of(
                new AddressTerm.Loopback(),
                new AddressTerm.Cidr(Address.parse("10.0.0.0").orElseThrow(), 8),
                new AddressTerm.Exact(Address.parse("fe80::1%eth0").orElseThrow())),
            List.of(new OwnerTerm("/usr/bin/db", "db"), new OwnerTerm(null, "root")));
    Explanation explanation =
        explain(611, Set.of(Protocol.TCP), new Policy(true, List.of(rule)), look(true));
    assertThat(explanation.decisions().get(0).expects())
        .isEqualTo(
            "A listener is required, only on loopback (127.0.0.0/8, ::1) or an address within"
                + " 10.0.0.0/8 or the address fe80::1%eth0, only with the owner /usr/bin/db as db"
                + " or any executable as root. Another address is a finding (exposed, critical)."
                + " Another owner is a finding (wrong-owner, critical). A missing listener is a"
                + " finding (missing, critical), notified after 30 seconds.");
  }

  @Test
  void withoutARuleTheDefaultDecides() {
    PortDecision allowed =
        explain(4242, BOTH, new Policy(true, List.of()), look(true)).decisions().get(0);
    PortDecision denied =
        explain(4242, BOTH, new Policy(false, List.of()), look(true)).decisions().get(1);
    assertThat(allowed.rule()).isNull();
    assertThat(allowed.expects()).startsWith("The default allows");
    assertThat(denied.expects())
        .isEqualTo("The default denies it: a listener is a finding (unlisted).");
  }

  @Test
  void denyingDefaultExemptsOnlyEphemeralUdpClients() {
    List<PortDecision> decisions =
        explain(40000, BOTH, new Policy(false, List.of()), look(true)).decisions();
    assertThat(decisions.get(0).expects()).doesNotContain("client");
    assertThat(decisions.get(1).expects()).contains("UDP client is only printed");
  }

  @Test
  void onlyListenersOfPortAndProtocolAreShown() {
    Snapshot snapshot =
        look(
            true,
            List.of(),
            listener(Protocol.TCP, 611),
            listener(Protocol.UDP, 611),
            listener(Protocol.TCP, 6110),
            listener(Protocol.TCP, 25346));
    Explanation explanation =
        explain(611, Set.of(Protocol.TCP), new Policy(true, List.of()), snapshot);
    assertThat(explanation.now().listeners())
        .extracting(seen -> seen.listener().endpoint().toString())
        .containsExactly("tcp 0.0.0.0:611");
    assertThat(explanation.registrations()).hasSize(1);
    assertThat(explanation.decisions()).hasSize(1);
  }

  @Test
  void anEphemeralUdpSocketLooksLikeAClient() {
    Snapshot snapshot =
        look(true, List.of(), listener(Protocol.UDP, 40000), listener(Protocol.TCP, 40000));
    assertThat(explain(40000, BOTH, new Policy(true, List.of()), snapshot).now().listeners())
        .extracting(Explanation.PortListener::looksLikeClient)
        .containsExactly(false, true);
  }

  @Test
  void listenerGap_isShownIfTheScanIsIncomplete() {
    assertThat(explain(look(true, List.of(BLIND))).now().gaps()).isEmpty();
    assertThat(explain(look(false, List.of(BLIND))).now().gaps()).containsExactly(BLIND);
  }

  @Test
  void ownerGap_isShownIfAnOwnerIsUnknown() {
    Listener known =
        new Listener(endpoint(Protocol.TCP, 611), null, List.of(Owner.of(7)), "sock_diag");
    assertThat(explain(look(true, List.of(NO_OWNERS), known)).now().gaps()).isEmpty();
    assertThat(explain(look(true, List.of(NO_OWNERS), listener(Protocol.TCP, 611))).now().gaps())
        .containsExactly(NO_OWNERS);
  }

  @ParameterizedTest
  @CsvSource({
    "1, This is a system port, false, false",
    "599, This is a system port, false, false",
    "600, This is a system port, true, false",
    "611, This is a system port, true, false",
    "1023, This is a system port, true, false",
    "1024, This is a user port, false, false",
    "32767, This is a user port, false, false",
    "32768, This is a user port, false, true",
    "49151, This is a user port, false, true",
    "49152, This is a dynamic port, false, true",
    "60999, This is a dynamic port, false, true",
    "61000, This is a dynamic port, false, false",
    "65535, This is a dynamic port, false, false",
  })
  void factsNameTheRangesOfTheNumber(
      int port, String range, boolean bindresvport, boolean ephemeral) {
    List<String> facts = PortNumberFacts.about(port, PortRange.LINUX_EPHEMERAL);
    assertThat(facts.get(0)).startsWith(range);
    assertThat(facts.stream().anyMatch(fact -> fact.contains("bindresvport()")))
        .isEqualTo(bindresvport);
    assertThat(facts.stream().anyMatch(fact -> fact.contains("32768-60999"))).isEqualTo(ephemeral);
  }

  @ParameterizedTest
  @EnumSource
  void commandsMatchNoLongerNumberOrRemotePort(Platform platform) {
    for (Set<Protocol> protocols : List.of(BOTH, Set.of(Protocol.TCP), Set.of(Protocol.UDP))) {
      List<ManualCommand> commands = ManualCommands.commands(611, protocols, platform);
      assertThat(commands).isNotEmpty();
      assertThat(commands)
          .extracting(ManualCommand::command)
          .allSatisfy(
              command -> {
                assertThat(command).doesNotContain("grep").doesNotContain("findstr");
                assertThat(command).doesNotContain("-i :").doesNotContain("-i:");
                assertThat(command).hasSizeLessThanOrEqualTo(98);
              });
    }
  }

  @Test
  void lsofCommandsForTcpAndUdpAreSeparate() {
    assertThat(ManualCommands.commands(611, BOTH, Platform.LINUX))
        .extracting(ManualCommand::command)
        .containsExactly(
            "ss -H -n -t -u -l -p 'sport = :611'",
            "lsof -nP -iTCP:611 -sTCP:LISTEN",
            "lsof -nP -iUDP:611 | awk '$9 !~ /->/'",
            "rpcinfo -p | awk '$4 == 611'");
  }

  @Test
  void commandsUseOnlyTheRequestedProtocol() {
    assertThat(ManualCommands.commands(23, Set.of(Protocol.TCP), Platform.LINUX))
        .extracting(ManualCommand::command)
        .containsExactly("ss -H -n -t -l -p 'sport = :23'", "lsof -nP -iTCP:23 -sTCP:LISTEN");
    assertThat(ManualCommands.commands(53, Set.of(Protocol.UDP), Platform.FREEBSD))
        .extracting(ManualCommand::command)
        .containsExactly("sockstat -46l -P udp -p 53");
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, LINUX",
    "Mac OS X, MACOS",
    "Windows 11, WINDOWS",
    "FreeBSD, FREEBSD",
    "AIX, OTHER"
  })
  void platformFollowsTheJavaOsName(String osName, Platform platform) {
    assertThat(Platform.of(osName)).isEqualTo(platform);
  }

  @Test
  void aNoteHasHeadingsAndParagraphs() {
    assertThat(PortNote.parse("# One\n\nFirst # 1.\n\nSecond.\n# Two\nThird.\n"))
        .containsExactly(
            new PortNote("One", List.of("First # 1.", "Second.")),
            new PortNote("Two", List.of("Third.")));
    assertThat(PortNote.about(611))
        .extracting(PortNote::title)
        .contains("History", "What an open 611 means");
    assertThat(PortNote.about(6110)).isEmpty();
  }

  private static Explanation explain(Snapshot snapshot) {
    return explain(611, BOTH, new Policy(true, List.of()), snapshot);
  }

  private static Explanation explain(
      int port, Set<Protocol> protocols, Policy policy, Snapshot snapshot) {
    return Explanation.of(
        PortQuery.port(port, protocols),
        policy,
        snapshot,
        Catalogue.shipped(),
        new ServiceNames(List.of(), List.of()),
        Platform.LINUX);
  }

  private static Rule rule(
      String name,
      Set<Protocol> protocols,
      Expectation expect,
      List<AddressTerm> addresses,
      List<OwnerTerm> by) {
    return new Rule(
        name,
        new RuleScope(List.of(new PortRange(611, 611)), protocols),
        expect,
        new RuleTerms(addresses, by),
        NotifySettings.of(Severity.CRITICAL));
  }

  private static Snapshot look(boolean complete) {
    return look(complete, List.of());
  }

  private static Snapshot look(boolean complete, List<Gap> gaps, Listener... listeners) {
    return PlainSnapshots.of(Instant.EPOCH, complete, List.of(listeners), gaps);
  }

  private static Listener listener(Protocol protocol, int port) {
    return new Listener(endpoint(protocol, port), null, List.of(), "sock_diag");
  }

  private static Endpoint endpoint(Protocol protocol, int port) {
    return new Endpoint(protocol, Address.ANY_IPV4, port);
  }
}
