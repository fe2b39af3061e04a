package io.portcurfew.observe.linux.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Listener;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of iptables-save, ip6tables-save, nft and /proc/net/ip_vs. */
class RulesetReadingTest {

  private static final String OWN = "192.0.2.1";

  private static boolean isOwn(Address address) {
    return address.host().equals(OWN) || address.host().equals("2001:db8::1");
  }

  private static List<String> walk(Ruleset ruleset) {
    return RulesetWalk.of(ruleset, RulesetReadingTest::isOwn).listeners().stream()
        .map(Listener::place)
        .toList();
  }

  private static List<String> iptables(String rules) {
    return walk(IptablesSave.read(rules, Ruleset.TableFamily.IPV4));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "-A PREROUTING -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.0.9:80;"
            + "tcp 0.0.0.0:8080 via iptables -> 10.0.0.9:80",
        "-A PREROUTING -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.0.9;"
            + "tcp 0.0.0.0:8080 via iptables -> 10.0.0.9:8080",
        "-A PREROUTING -d 192.0.2.1/32 -p udp -m udp --dport 53 -j REDIRECT --to-ports 1053;"
            + "udp 192.0.2.1:53 via iptables -> :1053",
        "-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j TPROXY --on-port 3129 --on-ip 0.0.0.0;"
            + "tcp 0.0.0.0%eth0:80 via iptables -> :3129",
        "-A PREROUTING ! -i docker0 -p tcp -m tcp --dport 80 -j DNAT --to-destination"
            + " 172.17.0.2:80;tcp 0.0.0.0:80 via iptables -> 172.17.0.2:80",
        "-A PREROUTING -d 203.0.113.9/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination"
            + " 10.0.0.9;",
        "-A OUTPUT -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.9;",
        "-A PREROUTING -p icmp -j DNAT --to-destination 10.0.0.9;",
        "-A PREROUTING -p tcp -m tcp --dport 8080 -j ACCEPT;",
        "-A PREROUTING -p tcp --dport 99999 -j REDIRECT;",
      })
  void ruleOfIptablesIsAnEndpoint(String rule, String listener) {
    List<String> found = iptables("*nat\n:PREROUTING ACCEPT [0:0]\n" + rule + "\nCOMMIT\n");
    assertThat(found).isEqualTo(listener == null ? List.of() : List.of(listener));
  }

  /** A user names the interfaces of a network namespace of his own. */
  @Test
  void nameOfAnInterface_isEscaped() {
    Map<String, Object> meta = Map.of("meta", Map.of("key", "iifname"));
    RuleMatch match = NftExpression.equal(RuleMatch.ANYTHING, meta, "\u001b[2Jx\\");
    assertThat(match.device()).isEqualTo("\\x1b[2Jx\\\\");
    assertThat(iptables("*nat\n-A PREROUTING -i a\u001bb+ -p tcp --dport 80 -j REDIRECT\n"))
        .containsExactly("tcp 0.0.0.0%a\\x1bb*:80 via iptables -> :80");
  }

  @Test
  void chainsAreFollowedWithTheirMatches() {
    String rules =
        """
        *nat
        :PREROUTING ACCEPT [0:0]
        :DOCKER - [0:0]
        :UNUSED - [0:0]
        -A PREROUTING -p tcp -m addrtype --dst-type LOCAL -j DOCKER
        -A DOCKER -i docker0 -j RETURN
        -A DOCKER -m multiport --dports 80,443:444 -j DNAT --to-destination 172.17.0.2
        -A DOCKER -j DOCKER
        -A UNUSED -p tcp --dport 1 -j REDIRECT --to-ports 2
        COMMIT
        """;
    assertThat(iptables(rules))
        .containsExactly(
            "tcp 0.0.0.0:80 via iptables -> 172.17.0.2:80",
            "tcp 0.0.0.0:443 via iptables -> 172.17.0.2:443",
            "tcp 0.0.0.0:444 via iptables -> 172.17.0.2:444");
  }

  @Test
  void addressesOfIpv6AreRead() {
    String rules =
        "*nat\n-A PREROUTING -d 2001:db8::1/128 -p tcp --dport 80 -j DNAT --to-destination"
            + " [fd00::2]:8080\nCOMMIT\n";
    assertThat(walk(IptablesSave.read(rules, Ruleset.TableFamily.IPV6)))
        .containsExactly("tcp [2001:db8::1]:80 via iptables -> [fd00::2]:8080");
  }

  @Test
  void redirectOfEveryPortIsNamedAndNotListed() {
    Ruleset all =
        IptablesSave.read(
            "*nat\n-A PREROUTING -p tcp -j REDIRECT --to-ports 3129\n", Ruleset.TableFamily.IPV4);
    RulesetWalk.WalkedRedirects result = RulesetWalk.of(all, RulesetReadingTest::isOwn);
    assertThat(result.listeners()).isEmpty();
    assertThat(result.unlisted())
        .containsExactly("a rule of the chain nat PREROUTING takes 65535 ports elsewhere");
  }

  @Test
  void branchingChainsEndAtABound() {
    StringBuilder rules = new StringBuilder("*nat\n-A PREROUTING -p tcp --dport 80 -j C0\n");
    for (int i = 0; i < 30; i++) {
      rules.append("-A C%d -j C%d\n-A C%d -j C%d\n".formatted(i, i + 1, i, i + 1));
    }
    RulesetWalk.WalkedRedirects result =
        RulesetWalk.of(
            IptablesSave.read(rules.toString(), Ruleset.TableFamily.IPV4),
            RulesetReadingTest::isOwn);
    assertThat(result.unlisted()).containsExactly("the ruleset is too large");
  }

  private static String nft(String... expressions) {
    return """
    {"nftables": [
     {"metainfo": {"json_schema_version": 1}},
     {"map": {"family": "inet", "table": "t", "name": "m", "type": "inet_service",
       "map": "ipv4_addr . inet_service",
       "elem": [[80, {"concat": ["10.0.0.1", 8080]}]]}},
     {"chain": {"family": "inet", "table": "t", "name": "a", "type": "nat",
       "hook": "prerouting"}},
     {"chain": {"family": "inet", "table": "t", "name": "o", "type": "nat", "hook": "output"}},
     {"rule": {"family": "inet", "table": "t", "chain": "a", "expr": [%s]}},
     {"rule": {"family": "inet", "table": "t", "chain": "o", "expr":
       [{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}},
        "right": 999}}, {"redirect": {"port": 1}}]}},
     {"rule": {"family": "inet", "table": "t", "chain": "b", "expr":
       [{"dnat": {"family": "ip", "addr": "10.0.0.3"}}]}}
    ]}
    """
        .formatted(String.join(",", expressions).replace('\'', '"'));
  }

  private static final String DPORT =
      "{'match': {'op': '%s', 'left': {'payload': {'protocol': 'tcp', 'field': 'dport'}},"
          + " 'right': %s}}";

  private static String dport(String operator, String right) {
    return DPORT.formatted(operator, right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'dnat': {'family': 'ip', 'addr': '10.0.0.9', 'port': 80}};"
            + "tcp 0.0.0.0:77 via nft -> 10.0.0.9:80",
        "{'dnat': {'family': 'ip6', 'addr': 'fd00::1'}};tcp [::]:77 via nft -> [fd00::1]:77",
        "{'redirect': {'port': 22}};tcp 0.0.0.0:77 via nft -> :22|tcp [::]:77 via nft -> :22",
        "{'tproxy': {'family': 'ip', 'addr': '127.0.0.1', 'port': 7001}};"
            + "tcp 0.0.0.0:77 via nft -> :7001",
        "{'jump': {'target': 'b'}};tcp 0.0.0.0:77 via nft -> 10.0.0.3:77",
        "{'goto': {'target': 'b'}};tcp 0.0.0.0:77 via nft -> 10.0.0.3:77",
        "{'jump': {'target': 'a'}};",
        "{'accept': null};",
        "7;",
      })
  void actionOfNftIsARedirect(String action, String listeners) {
    List<String> found = walk(NftRuleset.read(nft(dport("==", "77"), action)).ruleset());
    assertThat(found).isEqualTo(listeners == null ? List.of() : List.of(listeners.split("\\|")));
  }

  @Test
  void mapsOfNftNameEachPort() {
    String key = "'key': {'payload': {'protocol': 'tcp', 'field': 'dport'}}";
    String named = "{'dnat': {'family': 'ip', 'addr': {'map': {" + key + ", 'data': '@m'}}}}";
    assertThat(walk(NftRuleset.read(nft(named)).ruleset()))
        .containsExactly("tcp 0.0.0.0:80 via nft -> 10.0.0.1:8080");
    String inline = named.replace("'@m'", "{'set': [[446, '10.0.0.1'], [447, '10.0.0.2']]}");
    assertThat(walk(NftRuleset.read(nft(inline)).ruleset()))
        .containsExactly(
            "tcp 0.0.0.0:446 via nft -> 10.0.0.1:446", "tcp 0.0.0.0:447 via nft -> 10.0.0.2:447");
    String verdicts = "{'vmap': {" + key + ", 'data': {'set': [[99, {'jump': {'target': 'b'}}]]}}}";
    assertThat(walk(NftRuleset.read(nft(verdicts)).ruleset()))
        .containsExactly("tcp 0.0.0.0:99 via nft -> 10.0.0.3:99");
  }

  @Test
  void concatenatedMatchIsRead() {
    String match =
        "{'match': {'op': '==', 'left': {'concat': [{'payload': {'protocol': 'ip', 'field':"
            + " 'daddr'}}, {'payload': {'protocol': 'tcp', 'field': 'dport'}}]}, 'right':"
            + " {'set': [{'concat': ['192.0.2.1', 443]}]}}}";
    assertThat(walk(NftRuleset.read(nft(match, "{'redirect': {'port': 1}}")).ruleset()))
        .containsExactly("tcp 192.0.2.1:443 via nft -> :1");
  }

  @ParameterizedTest
  @CsvSource({"!=, 22", "==, |@ports|"})
  void matchOfUnknownPortsIsNamed(String operator, String right) {
    String match = dport(operator, right.replace('|', '\''));
    String rules = nft(match, "{'redirect': null}");
    RulesetWalk.WalkedRedirects result =
        RulesetWalk.of(NftRuleset.read(rules).ruleset(), RulesetReadingTest::isOwn);
    assertThat(result.unlisted()).hasSize(1);
  }

  @Test
  void rulesOfIptablesAreLeftToIptables() {
    assertThat(NftRuleset.read(nft("{'xt': {'type': 'target', 'name': 'DNAT'}}")).hasIptables())
        .isTrue();
    assertThat(NftRuleset.read(nft("{'counter': null}")).hasIptables()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"nftables\": 7}", "{\"nftables\": [7, {\"rule\": 7}, {}]}"})
  void oddRulesetHasNoRedirect(String json) {
    assertThat(walk(NftRuleset.read(json).ruleset())).isEmpty();
  }

  @Test
  void servicesOfIpvsAreRead() {
    String table =
        """
        IP Virtual Server version 1.2.1 (size=4096)
        Prot LocalAddress:Port Scheduler Flags
          -> RemoteAddress:Port Forward Weight ActiveConn InActConn
        TCP  C0000201:0050 wlc\040
          -> 0A000002:1F90      Masq    1      0          0
          -> 0A000003:1F90      Masq    1      0          0
        UDP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0035 rr\040
        FWM  00000001 rr\040
          -> 0A000004:0000      Masq    1      0          0
        """;
    assertThat(IpvsTable.read(table).stream().map(Listener::place))
        .containsExactly(
            "tcp 192.0.2.1:80 via ipvs -> 10.0.0.2:8080", "udp [2001:db8::1]:53 via ipvs");
    assertThat(IpvsTable.read("")).isEmpty();
    assertThat(IpvsTable.read("x".repeat(100_000).toUpperCase(Locale.ROOT))).isEmpty();
  }
}
