package io.portcurfew.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.config.policy.LearnedFile;
import io.portcurfew.policy.Rule;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BaselineMergeTest {

  private static final LocalDate DAY = LocalDate.of(2026, 11, 26);

  private static String listener(int port, String program) {
    return """
        {"protocol": "tcp", "address": "0.0.0.0", "port": %d, "namespace": "host",
         "owners": [{"pid": 7, "executable": "/usr/sbin/%s", "user": "root", "uid": 0,
                     "elsewhere": false}], "seen_by": ["ss"], "verdict": "unlisted"}
        """
        .formatted(port, program);
  }

  private static HostListeners host(String name, String... listeners) {
    String json =
        "{\"schema\": 1, \"host\": \"%s\", \"listeners\": [%s], \"gaps\": []}"
            .formatted(name, String.join(",", listeners));
    return HostListeners.read("file", json).get(0);
  }

  @Test
  void rules_areOrderedBySpread() {
    List<HostListeners> hosts =
        List.of(
            host("web-1", listener(22, "sshd"), listener(80, "nginx"), listener(9000, "odd")),
            host("web-2", listener(22, "sshd"), listener(80, "apache2"), listener(53, "named")),
            host("db-1", listener(22, "sshd"), listener(5432, "postgres"), listener(53, "named")));
    List<Rule> rules = BaselineMerge.rules(hosts, Map.of("web", Set.of("web-1", "web-2")), DAY);
    assertThat(rules)
        .extracting(Rule::name)
        .containsExactly("sshd-22", "apache2-80", "named-53", "postgres-5432", "odd-9000");
    assertThat(rules)
        .extracting(Rule::because)
        .containsExactly(
            "learned on 2026-11-26 from all 3 hosts, not yet reviewed",
            "REVIEW: learned on 2026-11-26 from group web; of one host alone: /usr/sbin/apache2 as root"
                + " (web-2), /usr/sbin/nginx as root (web-1); each owner may listen on each address",
            "learned on 2026-11-26 from 2 of 3 hosts, not yet reviewed: db-1, web-2",
            "REVIEW: learned on 2026-11-26 from db-1 alone",
            "REVIEW: learned on 2026-11-26 from web-1 alone");
    assertThat(rules.get(1).terms().by()).hasSize(2);
    byte[] text =
        BaselineMerge.text(rules, hosts).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(text.length).isLessThan(LearnedFile.MOST);
  }

  @Test
  void ownerOfOneHost_isMarked() {
    String unknown = listener(443, "x").replaceAll("(?s)\"owners\": \\[.*?]", "\"owners\": []");
    List<HostListeners> hosts =
        List.of(
            host("web-1", listener(22, "sshd"), listener(443, "nginx"), local(8080)),
            host("web-2", listener(22, "sshd"), unknown, local(8080)),
            host("web-3", listener(22, "odd"), listener(443, "nginx"), listener(8080, "app")));
    assertThat(BaselineMerge.rules(hosts, Map.of(), DAY))
        .extracting(Rule::because)
        .containsExactly(
            "REVIEW: learned on 2026-11-26 from all 3 hosts; of one host alone: /usr/sbin/odd as root"
                + " (web-3); each owner may listen on each address",
            "REVIEW: learned on 2026-11-26 from all 3 hosts; of one host alone: an unknown owner"
                + " (web-2); its owner was not seen, so any owner is allowed",
            "REVIEW: learned on 2026-11-26 from all 3 hosts; of one host alone: an address beyond"
                + " loopback (web-3)");
  }

  private static String local(int port) {
    return listener(port, "app").replace("0.0.0.0", "127.0.0.1");
  }

  @Test
  void findingsAndClients_areNotLearned() {
    HostListeners host =
        host(
            "web-1",
            listener(611, "odd").replace("unlisted", "finding"),
            listener(40000, "client").replace("\"seen_by\"", "\"ephemeral\": true, \"seen_by\""));
    assertThat(host.listeners()).isEmpty();
    assertThat(host.notApproved()).containsExactly("web-1: tcp 0.0.0.0:611");
    assertThat(BaselineMerge.text(List.of(), List.of(host)))
        .contains("# not approved: web-1: tcp 0.0.0.0:611");
  }

  @Test
  void history_isReadToo() {
    String json =
        """
        {"schema": 1, "log": [], "notifications": [], "listeners": [
          {"endpoint": {"protocol": "udp", "address": "0.0.0.0", "port": 40000,
                        "namespace": "host"}, "owners": []},
          {"endpoint": {"protocol": "tcp", "address": "::1", "port": 25, "namespace": "host"},
           "owners": []}]}
        """;
    List<HostListeners> hosts = HostListeners.read("mail-1", json);
    assertThat(hosts).singleElement().extracting(HostListeners::host).isEqualTo("mail-1");
    assertThat(hosts.get(0).listeners()).extracting(l -> l.endpoint().port()).containsExactly(25);
  }

  @Test
  void listenerWithAnAlertInItsHistory_isNotLearned() {
    String json =
        """
        {"schema": 1, "notifications": [], "log": [
          {"entry": 1, "at": "2026-11-26T12:00:00Z", "what": "start", "details": {}},
          {"entry": 2, "at": "2026-11-26T12:00:00Z", "what": "alert", "details":
            {"id": "a", "state": "firing", "rule": "npmp-gui", "kind": "open",
             "severity": "critical", "endpoint": "tcp 0.0.0.0:611"}},
          {"entry": 3, "at": "2026-11-26T12:00:00Z", "what": "alert", "details":
            {"id": "b", "state": "firing", "rule": "ssh", "kind": "missing",
             "severity": "warning", "endpoint": "tcp 0.0.0.0:22"}},
          {"entry": 4, "at": "2026-11-26T12:00:00Z", "what": "alert", "details":
            {"id": "a", "state": "dropped"}}],
         "listeners": [
          {"endpoint": {"protocol": "tcp", "address": "0.0.0.0", "port": 611,
                        "namespace": "host"}, "owners": []},
          {"endpoint": {"protocol": "tcp", "address": "0.0.0.0", "port": 22,
                        "namespace": "host"}, "owners": []}]}
        """;
    HostListeners host = HostListeners.read("web-1", json).get(0);
    assertThat(host.listeners()).extracting(l -> l.endpoint().port()).containsExactly(22);
    assertThat(host.notApproved())
        .containsExactly("web-1: tcp 0.0.0.0:611, about which there was an alert");
  }

  @Test
  void hostsWithOneLabel_areAGroup() {
    String targets =
        """
        [{"targets": ["10.0.0.1:10611"], "labels": {"host": "web-1", "role": "web", "__x": "y"}},
         {"targets": ["web-2:10611", "web-3:10611"], "labels": {"role": "web", "site": "a"}},
         {"targets": ["db-1:10611"]}]
        """;
    assertThat(LabelGroups.read(targets))
        .containsExactly(
            Map.entry("role=web", Set.of("web-1", "web-2", "web-3")),
            Map.entry("site=a", Set.of("web-2", "web-3")));
    for (String wrong :
        List.of("[]", "{}", "[{}]", "[1]", "{", "[{\"targets\": [\"a\"], \"labels\": 1}]")) {
      assertThatThrownBy(() -> LabelGroups.read(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void gapsOfListeners_areKept() {
    String json =
        """
        {"schema": 1, "host": "a", "listeners": [],
         "gaps": [{"source": "ss", "what": "listeners", "why": "no right"},
                  {"source": "ss", "what": "owners", "why": "no right"}]}
        """;
    assertThat(HostListeners.read("x", json).get(0).gaps()).containsExactly("a: ss: no right");
  }

  @Test
  void otherJson_isRefused() {
    assertThatThrownBy(() -> HostListeners.read("x", "{\"schema\": 1}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("it has no listeners");
    assertThatThrownBy(() -> HostListeners.read("x", "[]"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String socket(String family, String program, String more) {
    return """
        {"family": "%s", "protocol": "all", "namespace": "host", "count": 1,
         "owners": [{"pid": 7, "executable": "/usr/sbin/%s", "user": "root", "uid": 0,
                     "elsewhere": false}], "verdict": "unlisted"%s}
        """
        .formatted(family, program, more);
  }

  private static HostListeners hostWith(String name, String... sockets) {
    String json =
        "{\"schema\": 1, \"host\": \"%s\", \"listeners\": [], \"sockets\": [%s], \"gaps\": []}"
            .formatted(name, String.join(",", sockets));
    return HostListeners.read("file", json).get(0);
  }

  @Test
  void otherSockets_areOneRuleForEachFamily() {
    List<HostListeners> hosts =
        List.of(
            hostWith("web-1", socket("packet", "lldpd", ""), socket("raw", "bird", "")),
            hostWith("web-2", socket("packet", "lldpd", ""), socket("packet", "tcpdump", "")));
    List<Rule> rules = BaselineMerge.rules(hosts, Map.of(), DAY);
    assertThat(rules).extracting(Rule::name).containsExactly("lldpd-packet", "bird-raw");
    assertThat(rules.get(0).terms().by()).hasSize(2);
    assertThat(rules.get(0).because())
        .startsWith("REVIEW: learned on 2026-11-26 from all 2 hosts; of one host alone: ")
        .contains("/usr/sbin/tcpdump")
        .endsWith("(web-2)")
        .doesNotContain("lldpd");
    assertThat(rules.get(1).because()).isEqualTo("REVIEW: learned on 2026-11-26 from web-1 alone");
    assertThat(BaselineMerge.rules(List.of(hosts.get(0), hosts.get(0)), Map.of(), DAY)).hasSize(2);
  }

  @Test
  void otherSocketsOfAllHosts_needNoReview() {
    List<HostListeners> hosts =
        List.of(
            hostWith("web-1", socket("packet", "lldpd", "")),
            hostWith("web-2", socket("packet", "lldpd", "")));
    assertThat(BaselineMerge.rules(hosts, Map.of(), DAY))
        .singleElement()
        .extracting(Rule::because)
        .isEqualTo("learned on 2026-11-26 from all 2 hosts, not yet reviewed");
  }

  @Test
  void otherSocketsWithAFindingOrWithoutOwner_areNotApproved() {
    HostListeners host =
        hostWith(
            "web-1",
            socket("packet", "door", "").replace("unlisted", "finding"),
            socket("raw", "bird", ", \"unknown_owner\": \"no-right\""));
    assertThat(host.sockets()).isEmpty();
    assertThat(host.notApproved())
        .containsExactly("web-1: packet all", "web-1: raw all: its owner was not seen");
  }

  @Test
  void otherSocketsOfAHistory_areLeftOut() {
    String json =
        """
        {"schema": 1, "log": [], "listeners": [], "sockets": [
          {"socket": {"family": "packet", "protocol": "all", "namespace": "host"},
           "owners": []}]}
        """;
    assertThat(HostListeners.read("web-1", json).get(0).sockets()).isEmpty();
  }
}
