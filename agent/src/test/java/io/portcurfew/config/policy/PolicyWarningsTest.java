package io.portcurfew.config.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.Examples;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.config.yaml.Warning;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyWarningsTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

  private static List<String> warnings(String... rules) {
    return warnings(ProofPlatform.ANY, rules);
  }

  private static List<String> warnings(ProofPlatform platform, String... rules) {
    StringBuilder text = new StringBuilder("version: 1\nrules:\n");
    for (int i = 0; i < rules.length; i++) {
      text.append("  - {name: r").append(i).append(", ").append(rules[i]).append("}\n");
    }
    ReadResult<PolicyFiles.ReadPolicy> read =
        Examples.policy("p.yaml", text.toString().getBytes(UTF_8));
    assertThat(read).as(text.toString()).isInstanceOf(ReadResult.Good.class);
    return ((ReadResult.Good<PolicyFiles.ReadPolicy>) read)
        .value().origin().warnings(TODAY, platform).stream().map(Warning::toString).toList();
  }

  @Test
  void ruleCoveredByEarlierRulesGivesAWarning() {
    assertThat(
            warnings(
                "ports: 1-10, protocol: tcp, expect: closed",
                "ports: [11-20], expect: allowed",
                "ports: 1-10, protocol: udp, namespace: web, expect: closed",
                "ports: 1-10, protocol: udp, expect: closed",
                "ports: [5-15, 7], protocol: [tcp, udp], expect: required"))
        .containsExactly(
            "p.yaml:7:5: rules[4]: warning: the rule never decides, because earlier rules cover all"
                + " of it: r0, r1, r3.");
  }

  @Test
  void ruleForOtherNamespacesIsNotCovered() {
    assertThat(
            warnings(
                "ports: 611, namespace: host, expect: closed",
                "ports: 611, namespace: web, expect: closed",
                "ports: 611, expect: closed"))
        .isEmpty();
    assertThat(warnings("ports: 611, expect: closed", "ports: 611, namespace: web, expect: closed"))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{executable: /usr/sbin/sshd};true",
        "{sha256: HASH};true",
        "{package: openssh-server};true",
        "{executable: /usr/sbin/sshd, package: openssh-server};true",
        "{executable: /usr/sbin/sshd, user: root};false",
        "{sha256: HASH, user: root};false",
        "{package: openssh-server, unit: ssh.service};false",
        "{executable: /usr/sbin/sshd, container: web};false",
        "{executable: /System/Library/CoreServices/x};false",
        "{user: root};false",
        "{unit: ssh.service};false",
      })
  void fileThatEveryUserCanRun_needsAUser(String term, boolean warned) {
    String by = term.replace("HASH", "e3".repeat(32));
    List<String> warnings =
        warnings("ports: 22, expect: allowed, by: [{user: root, unit: ssh.service}, " + by + "]");
    assertThat(warnings).hasSize(warned ? 1 : 0);
    assertThat(warnings).allMatch(text -> text.contains("every user can run this file"));
    assertThat(warnings).allMatch(text -> text.startsWith("p.yaml:3:48: rules[0].by: warning: "));
  }

  @ParameterizedTest
  @CsvSource({
    "user@1000.service/ssh.service, 1",
    "user@1000.service, 0",
    "user@0.service/own.service, 0",
    "a.service/b.service, 0"
  })
  void aUnitThatAUserNamesNeverHolds(String unit, int warnings) {
    assertThat(warnings("ports: 22, expect: allowed, by: [{unit: \"" + unit + "\"}]"))
        .hasSize(warnings)
        .allMatch(text -> text.contains("the part before the slash"));
  }

  @ParameterizedTest
  @CsvSource({"net:[4026532324], 1", "web net:[4026532324], 1", "containers, 0", "web, 0"})
  void numberOfANamespaceIsWarnedAbout(String namespace, int warnings) {
    assertThat(warnings("ports: 22, namespace: \"" + namespace + "\", expect: closed"))
        .hasSize(warnings)
        .allMatch(text -> text.contains("to the next one"));
  }

  @Test
  void warningNamesAtMostFiveRules() {
    String[] rules = new String[8];
    for (int i = 0; i < 7; i++) {
      rules[i] = "ports: " + (i + 1) + ", expect: closed";
    }
    rules[7] = "ports: 1-7, expect: closed";
    assertThat(warnings(rules))
        .singleElement()
        .asString()
        .contains("r0, r1, r2, r3, r4 and others");
  }

  @Test
  void ruleCoversOnlyRulesThatExpireNoLater() {
    String early = "ports: 611, expect: allowed, until: 2027-06-30";
    assertThat(warnings(early, "ports: 611, expect: closed")).isEmpty();
    assertThat(warnings(early, "ports: 611, expect: closed, until: 2027-07-01")).isEmpty();
    assertThat(warnings(early, "ports: 611, expect: closed, until: 2027-06-30")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1-65535", "[1-1000, 1001-65535]", "[2-65535, 1]"})
  void ruleThatAllowsEverythingGivesAWarning(String ports) {
    assertThat(warnings("ports: " + ports + ", expect: allowed"))
        .containsExactly(
            "p.yaml:3:23: rules[0].ports: warning: the rule allows any process to listen on every port.");
    assertThat(warnings("protocol: tcp, ports: " + ports + ", expect: allowed, address: any"))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ports: 1-65534, expect: allowed",
        "ports: 1-65535, protocol: tcp, expect: closed",
        "owner: [{user: root}], expect: allowed",
        "ports: 1-65535, protocol: tcp, expect: allowed, address: loopback",
        "ports: 1-65535, protocol: tcp, expect: allowed, by: [{user: root}]"
      })
  void ruleWithTermsOrFewerPortsGivesNoWarning(String rule) {
    assertThat(warnings(rule)).isEmpty();
  }

  @Test
  void rangeOfMostClientPortsGivesAWarning() {
    assertThat(
            warnings(
                "ports: 1024-65535, protocol: udp, expect: allowed, by: [{user: dnsmasq}]",
                "ports: 1-1000, protocol: udp, expect: closed"))
        .containsExactly(
            "p.yaml:3:23: rules[0].ports: warning: the range covers most of the client ports"
                + " (32768-60999), so it does not judge sockets of UDP clients; owner selects"
                + " them.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'!host'", "'*'", "'web-*'"})
  void namespaceThatIsAPatternGivesAWarning(String namespace) {
    assertThat(warnings("ports: 611, expect: closed, namespace: " + namespace))
        .singleElement()
        .asString()
        .contains("rules[0].namespace: warning: no network namespace has the name ");
  }

  @Test
  void requiredRuleWithoutProtocolGivesAWarning() {
    assertThat(warnings("ports: 53, expect: required"))
        .containsExactly(
            "p.yaml:3:35: rules[0].expect: warning: the rule has no protocol, so it requires a"
                + " listener on TCP and one on UDP.");
    assertThat(warnings("ports: 53, protocol: [tcp, udp], expect: required")).isEmpty();
  }

  @Test
  void ruleByOwnerCoversNoOtherRule() {
    assertThat(
            warnings(
                "owner: [{user: root, unit: ssh.service}], expect: allowed",
                "ports: 22, expect: closed"))
        .isEmpty();
    assertThat(
            warnings(
                "ports: 22, expect: closed", "ports: 22, owner: [{user: root}], expect: allowed"))
        .hasSize(1);
  }

  @Test
  void closedRuleAfterBroaderAllowedRule_isAWarning() {
    assertThat(
            warnings(
                "ports: 1-1023, protocol: tcp, expect: allowed, address: loopback",
                "ports: 611, expect: closed"))
        .containsExactly(
            "p.yaml:4:23: rules[1].ports: warning: broader earlier rules allow part of the ports"
                + " that this rule closes: r0.");
  }

  @Test
  void exceptionBeforeAClosedRangeGivesNoWarning() {
    assertThat(
            warnings(
                "ports: 8080, protocol: tcp, expect: allowed", "ports: 8000-8999, expect: closed"))
        .isEmpty();
  }

  @Test
  void expiredRuleGivesAWarningAndCoversNothing() {
    assertThat(
            warnings(
                "ports: 611, expect: allowed, until: 2026-11-22",
                "ports: 611, expect: closed",
                "ports: 612, expect: allowed, until: 2026-11-23"))
        .containsExactly(
            "p.yaml:3:52: rules[0].until: warning: the rule expired after 2026-11-22 and has no"
                + " effect.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "unit: a.service;false;false;true;need Linux",
        "unit: a.service;true;false;true;systemd does not run",
        "unit: a.service;true;true;false;",
        "package: a, user: b;true;true;false;no database of dpkg",
        "package: a, user: b;true;true;true;",
        "kernel: vxlan;false;true;true;need Linux",
        "'user: a, container: {name: web}';false;true;true;need Linux",
        "'executable: ''C:\\a.exe'', user: b';true;true;true;one of Windows",
        "'executable: /usr/bin/a, user: b';false;false;false;",
      })
  void termThatThisHostCannotProveGivesAWarning(
      String term, boolean linux, boolean systemd, boolean dpkg, String why) {
    String rule = "ports: 80, expect: allowed, by: [{" + term + "}]";
    List<String> found = warnings(new ProofPlatform(linux, systemd, dpkg), rule);
    if (why == null) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found).singleElement().asString().contains("can never be proven here", why);
    }
  }

  @Test
  void scriptGivesAWarningOfWhatItProves() {
    String script =
        "ports: 80, expect: allowed, by: [{executable: /usr/bin/python3, USERscript: /a}]";
    assertThat(warnings(script.replace("USER", "user: app, ")))
        .singleElement()
        .asString()
        .contains("a process of the user app claims to run that file");
    assertThat(warnings(script.replace("USER", ""))).hasSize(2);
  }

  @Test
  void shippedPolicyGivesNoWarning() {
    byte[] text = Examples.bytes(Examples.SHIPPED.resolve("policy.yaml"));
    ReadResult<PolicyFiles.ReadPolicy> read = Examples.policy("policy.yaml", text);
    assertThat(
            ((ReadResult.Good<PolicyFiles.ReadPolicy>) read)
                .value()
                .origin()
                .warnings(TODAY, ProofPlatform.ANY))
        .isEmpty();
  }
}
