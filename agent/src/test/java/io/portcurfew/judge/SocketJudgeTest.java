package io.portcurfew.judge;

import static io.portcurfew.judge.SampleListeners.allowing;
import static io.portcurfew.judge.SampleListeners.owner;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketJudgeTest {

  private static final Owner BACKDOOR = owner(66, "/tmp/door", "root");
  private static final Owner TCPDUMP = owner(70, "/usr/bin/tcpdump", "tcpdump");

  private static OtherSocket socket(
      Family family, String protocol, String namespace, @Nullable UnknownOwner cause, Owner... by) {
    SocketPlace place = new SocketPlace(family, protocol, null, null, null, namespace);
    return new OtherSocket(place, List.of(by), cause);
  }

  private static OtherSocket packet(String protocol, Owner... by) {
    return socket(Family.PACKET, protocol, Endpoint.HOST, null, by);
  }

  private static Judgement judge(OtherSockets sockets, Rule... rules) {
    return Judge.judge(allowing(rules), SampleSockets.seen(sockets), List.of());
  }

  private static List<Finding> findings(OtherSocket socket, Rule... rules) {
    return judge(new OtherSockets(true, List.of(socket), List.of()), rules).findings();
  }

  private static Rule rule(String name, Expectation expect, OwnerTerm... by) {
    return new Rule(
        name,
        RuleScope.ofSockets(Set.of(Family.PACKET), null, List.of()),
        expect,
        new RuleTerms(List.of(), List.of(by)),
        NotifySettings.of(Severity.CRITICAL));
  }

  @Test
  void programOnTheWayToEverySocketIsAWarning() {
    OtherSocket program = socket(Family.BPF, "xdp", Endpoint.HOST, null, Owner.ofKernel("bpf"));
    assertThat(findings(program))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo(FindingKind.UNLISTED);
              assertThat(finding.message())
                  .isEqualTo(
                      "bpf xdp may take the packets of any port, as a backdoor does, and no rule"
                          + " is about it; held by kernel: bpf");
            });
    Rule rule =
        new Rule(
            "filters",
            RuleScope.ofSockets(Set.of(Family.BPF), null, List.of()),
            Expectation.ALLOWED,
            new RuleTerms(List.of(), List.of(OwnerTerm.ofKernel("bpf"))),
            NotifySettings.of(Severity.CRITICAL));
    assertThat(findings(program, rule)).isEmpty();
    assertThat(findings(socket(Family.BPF, "tcx", Endpoint.HOST, null, BACKDOOR), rule))
        .extracting(Finding::kind)
        .containsExactly(FindingKind.WRONG_OWNER);
    assertThat(findings(socket(Family.TC, "mirred", Endpoint.HOST, null, Owner.ofKernel("tc"))))
        .as("an action that shapes traffic")
        .isEmpty();
    assertThat(findings(socket(Family.BPF, "tcx", "web", null, BACKDOOR)))
        .as("in another namespace")
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"all, 1", "ip, 1", "ipv6, 1", "arp, 0", "lldp, 0", "eapol, 0", "0x88b5, 0"})
  void unknownProgramThatTakesIpIsAWarning(String protocol, int warnings) {
    List<Finding> findings = findings(packet(protocol, BACKDOOR));
    assertThat(findings).hasSize(warnings);
    assertThat(findings)
        .allSatisfy(
            finding -> {
              assertThat(finding.kind()).isEqualTo(FindingKind.UNLISTED);
              assertThat(finding.severity()).isEqualTo(Severity.WARNING);
              assertThat(finding.message())
                  .contains("/tmp/door", "takes the packets of every port");
            });
  }

  @ParameterizedTest
  @CsvSource({"icmp, 1", "ipv6-icmp, 1", "tcp, 1", "udp, 1", "raw, 0", "ospf, 0", "vrrp, 0"})
  void rawSocketOfACommandChannelIsAWarning(String protocol, int warnings) {
    assertThat(findings(socket(Family.RAW, protocol, Endpoint.HOST, null, BACKDOOR)))
        .hasSize(warnings);
  }

  @ParameterizedTest
  @CsvSource({
    "/usr/bin/tcpdump, tcpdump",
    "/usr/sbin/dhclient, root",
    "/usr/lib/systemd/systemd-networkd, systemd-network",
    "/usr/sbin/lldpd, _lldpd",
    "/usr/sbin/wpa_supplicant, root",
    "/usr/bin/dumpcap, root"
  })
  void knownProgramOfItsUserIsQuiet(String executable, String user) {
    assertThat(findings(packet("all", owner(5, executable, user)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/usr/bin/tcpdump, alice",
    "/home/tcpdump, root",
    "/usr/sbin/lldpd, daemon",
    "/usr/bin/dumpcap, alice",
    "/usr/bin/ping, alice"
  })
  void nameOrPathAloneIsNoProof(String executable, String user) {
    assertThat(findings(packet("all", owner(5, executable, user)))).hasSize(1);
  }

  @Test
  void programOfEverybodyIsQuietWithItsOwnRawSocket() {
    Owner ping = owner(5, "/usr/bin/ping", "alice");
    Owner handed = ping.with(OwnerDetails.builder().elsewhere(false).creatorUid(998L).build());
    Owner ofRoot = ping.with(OwnerDetails.builder().elsewhere(false).creatorUid(0L).build());
    assertThat(findings(raw(ping))).isEmpty();
    assertThat(findings(raw(with(ofRoot, 1000L)))).as("set-user-ID").isEmpty();
    assertThat(findings(raw(with(handed, 1000L)))).hasSize(1);
    assertThat(findings(raw(owner(5, "/usr/bin/dumpcap", "alice")))).hasSize(1);
  }

  private static OtherSocket raw(Owner owner) {
    return socket(Family.RAW, "icmp", Endpoint.HOST, null, owner);
  }

  private static Owner with(Owner owner, Long uid) {
    return new Owner(owner.pid(), null, owner.executable(), owner.user(), uid, owner.details());
  }

  @Test
  void forgedPathIsNoProof() {
    Owner forged = TCPDUMP.with(OwnerDetails.NONE.withElsewhere(true));
    assertThat(findings(packet("all", forged))).hasSize(1);
  }

  @Test
  void everyHolderHasToBeKnown() {
    assertThat(findings(packet("all", TCPDUMP, BACKDOOR))).hasSize(1);
    OtherSocket half = socket(Family.PACKET, "all", Endpoint.HOST, UnknownOwner.GONE, TCPDUMP);
    assertThat(findings(half)).hasSize(1);
    assertThat(findings(half).get(0).message()).contains("and an unknown owner");
  }

  @Test
  void ownerThatMayNotBeSeenIsUntested() {
    OtherSocket hidden = socket(Family.PACKET, "all", Endpoint.HOST, UnknownOwner.NO_RIGHT);
    assertThat(findings(hidden))
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(FindingKind.OWNER_UNKNOWN));
  }

  @Test
  void otherNamespacesAndFamiliesHaveNoDefault() {
    assertThat(findings(socket(Family.PACKET, "all", "web", null, BACKDOOR))).isEmpty();
    assertThat(findings(socket(Family.VSOCK, "all", Endpoint.HOST, null, BACKDOOR))).isEmpty();
  }

  @Test
  void ruleDecidesBeforeTheDefault() {
    Rule allowed = rule("ids", Expectation.ALLOWED, new OwnerTerm("/tmp/door", "root"));
    assertThat(findings(packet("all", BACKDOOR), allowed)).isEmpty();
    assertThat(findings(packet("all", TCPDUMP), allowed))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.kind()).isEqualTo(FindingKind.WRONG_OWNER);
              assertThat(one.rule()).isEqualTo("ids");
              assertThat(one.severity()).isEqualTo(Severity.CRITICAL);
            });
    Rule closed = rule("none", Expectation.CLOSED);
    assertThat(findings(packet("arp", TCPDUMP), closed))
        .singleElement()
        .satisfies(one -> assertThat(one.message()).startsWith("packet arp is open and should be"));
  }

  @Test
  void ownerSelectsSockets() {
    Rule ofTcpdump =
        new Rule(
            "captures",
            RuleScope.ofSockets(
                Set.of(Family.PACKET),
                Endpoint.HOST,
                List.of(new OwnerTerm("/usr/bin/tcpdump", "tcpdump"))),
            Expectation.CLOSED,
            RuleTerms.NONE,
            NotifySettings.of(Severity.INFO));
    assertThat(findings(packet("arp", TCPDUMP), ofTcpdump)).hasSize(1);
    assertThat(findings(packet("arp", BACKDOOR), ofTcpdump)).isEmpty();
  }

  @Test
  void familyThatCannotBeListedIsNotCompliant() {
    Rule closed = rule("none", Expectation.CLOSED);
    OtherSockets seen = new OtherSockets(true, List.of(), List.of());
    OtherSockets unseen =
        new OtherSockets(
            true,
            List.of(),
            List.of(new OtherSockets.Unlisted(Family.PACKET, Endpoint.HOST, "refused", false)));
    assertThat(judge(seen, closed).compliance()).containsEntry("none", Trilean.YES);
    assertThat(judge(unseen, closed).compliance()).containsEntry("none", Trilean.UNKNOWN);
    assertThat(judge(OtherSockets.NOT_LOOKED, closed).compliance())
        .containsEntry("none", Trilean.UNKNOWN);
    assertThat(unseen.gaps("s"))
        .singleElement()
        .satisfies(
            gap -> assertThat(gap.why()).isEqualTo("packet sockets are not all seen: refused"));
  }
}
