package io.portcurfew.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.receivers.Heartbeat;
import io.portcurfew.config.receivers.Inventory;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.config.yaml.ReadResult.Good;
import io.portcurfew.notify.Grouping;
import io.portcurfew.notify.Grouping.By;
import io.portcurfew.notify.ReceiverFilter;
import io.portcurfew.notify.receivers.WebhookSettings;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.ContainerTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.PathPattern;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleEvidence;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GoodFilesTest {

  private static final String GOOD = "src/test/resources/io/portcurfew/config/good/";

  static Stream<Arguments> files() {
    return Stream.of("policy", "config", "test")
        .flatMap(kind -> Examples.good(kind).stream().map(file -> Arguments.of(kind, file)));
  }

  @ParameterizedTest
  @MethodSource("files")
  void goodFileHasNoProblem(String kind, Path file) {
    assertThat(Examples.problems(kind, file.toString(), Examples.bytes(file))).isEmpty();
  }

  @Test
  void everyKeyOfARuleIsRead() {
    Policy policy = policy("all-keys.yaml");
    assertThat(policy.allowsUnlisted()).isFalse();
    assertThat(policy.rules())
        .contains(
            new Rule(
                "postgres",
                new RuleScope(List.of(new PortRange(5432, 5432)), Set.of(Protocol.TCP)),
                Expectation.ALLOWED,
                new RuleTerms(
                    List.of(new AddressTerm.Loopback()),
                    List.of(new OwnerTerm("/usr/lib/postgresql/15/bin/postgres", "postgres"))),
                NotifySettings.of(Severity.WARNING)),
            new Rule(
                "npmp-gui",
                new RuleScope(List.of(new PortRange(611, 611)), Set.of(Protocol.TCP, Protocol.UDP)),
                Expectation.CLOSED,
                RuleTerms.NONE,
                null,
                NotifySettings.of(
                    Severity.CRITICAL,
                    "Registered as npmp-gui; nothing still shipped is known to use it."),
                new RuleEvidence(
                    List.of("cis-debian12:2.1.22", "nist-800-53:CM-7(1)"),
                    "CHG-4711, Alice Example")));
  }

  @Test
  void everyTermAndNotifySettingIsRead() {
    SortedMap<String, String> labels =
        new TreeMap<>(Map.of("team", "databases", "ticket_queue", "1", "_x", "yes"));
    assertThat(rule("by-all"))
        .isEqualTo(
            new Rule(
                "by-all",
                new RuleScope(
                    List.of(new PortRange(8443, 8443)), Set.of(Protocol.TCP, Protocol.UDP)),
                Expectation.ALLOWED,
                new RuleTerms(
                    List.of(
                        new AddressTerm.Private(),
                        new AddressTerm.Interface("eth0"),
                        new AddressTerm.Interface("br-lan.10")),
                    List.of(
                        new OwnerTerm(
                            new PathPattern("/opt/**/bin/app-*"),
                            "app-1",
                            "app@1.service",
                            ContainerTerm.ofId("4c01db0b339c"),
                            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                            "openssl@3"),
                        new OwnerTerm(null, null, "user@1000.service/app.scope", null, null, null),
                        new OwnerTerm("/srv/[*]/a?[id]", null),
                        new OwnerTerm(
                            null,
                            null,
                            null,
                            new ContainerTerm(
                                "4c01db0b339c",
                                new PathPattern("web-*"),
                                new PathPattern("ghcr.io/**"),
                                new PathPattern("shop"),
                                new PathPattern("web"),
                                new PathPattern("web-0"),
                                new PathPattern("1")),
                            null,
                            null))),
                LocalDate.of(2027, 6, 30),
                new NotifySettings(
                    Severity.CRITICAL,
                    null,
                    Duration.ofMinutes(5),
                    labels,
                    URI.create("https://wiki.example.org/runbooks/app?a=b#c"))));
    assertThat(rule("at-once").notifySettings().holdFor()).isZero();
    assertThat(rule("postgres").notifySettings().holdFor()).isNull();
    assertThat(policy("all-keys.yaml").asksFor())
        .containsExactlyInAnyOrder(OwnerFact.SHA256, OwnerFact.PACKAGE);
  }

  @Test
  void includedRulesComeFirst() {
    Policy policy = policy("includes.yaml");
    assertThat(policy.allowsUnlisted()).isFalse();
    assertThat(policy.rules())
        .extracting(Rule::name)
        .containsExactly("from-deeper", "from-baseline", "from-site", "own");
  }

  @Test
  void portsMayBeNumbersAndRanges() {
    assertThat(rule("ssh").scope().ports())
        .containsExactly(
            new PortRange(22, 22), new PortRange(2222, 2223), new PortRange(8022, 8024));
    assertThat(rule("inside").scope().protocols()).containsExactly(Protocol.TCP, Protocol.UDP);
  }

  @Test
  void addressesMayBeWordsLiteralsAndBlocks() {
    assertThat(rule("inside").terms().addresses())
        .containsExactly(
            new AddressTerm.Any(),
            new AddressTerm.Exact(new Address("192.0.2.1", null, false)),
            new AddressTerm.Cidr(new Address("10.0.0.0", null, false), 8),
            new AddressTerm.Exact(new Address("::1", null, false)),
            new AddressTerm.Cidr(new Address("fd00::", null, false), 8),
            new AddressTerm.Exact(new Address("fe80::1", "eth0", false)),
            new AddressTerm.Cidr(new Address("0.0.0.0", null, false), 0));
    assertThat(rule("inside").terms().by())
        .containsExactly(
            new OwnerTerm("/opt/My App/bin/server", null), new OwnerTerm(null, "app-1"));
  }

  @Test
  void theShippedPolicyIsWhatTheReadmeSays() {
    Policy policy =
        good(Examples.policy("policy.yaml", Examples.bytes(shipped("policy.yaml")))).policy();
    assertThat(policy.allowsUnlisted()).isTrue();
    assertThat(policy.rules()).extracting(Rule::name).startsWith("npmp-gui");
    assertThat(policy.rules()).extracting(Rule::expect).containsOnly(Expectation.CLOSED);
    assertThat(policy.rules()).extracting(Rule::because).doesNotContainNull();
    assertThat(policy.rules())
        .flatExtracting(rule -> rule.scope().ports())
        .extracting(PortRange::first)
        .containsExactly(611, 609, 610, 612, 625, 660, 687);
    assertThat(policy.rules())
        .allSatisfy(
            rule ->
                assertThat(rule.scope().protocols()).containsExactly(Protocol.TCP, Protocol.UDP))
        .allSatisfy(
            rule ->
                assertThat(rule.severity())
                    .isEqualTo(
                        rule.name().equals("npmp-gui") ? Severity.CRITICAL : Severity.WARNING));
  }

  @Test
  void theShippedConfigSaysTheDefaults() {
    AgentConfig shipped = config(Examples.bytes(shipped("portcurfew.yaml")));
    AgentConfig empty = config("{}".getBytes(UTF_8));
    assertThat(shipped)
        .isEqualTo(
            new AgentConfig(
                new PolicySetting.PolicyPath(Path.of("/etc/portcurfew/policy.yaml")),
                empty.scan(),
                empty.crossCheck(),
                empty.sweep(),
                empty.events(),
                empty.state(),
                empty.web(),
                null,
                empty.log(),
                empty.repeatEvery(),
                null,
                empty.grouping(),
                empty.receivers(),
                Inventory.NONE));
    assertThat(empty.web()).hasToString("/127.0.0.1:10611");
    assertThat(empty)
        .isEqualTo(
            new AgentConfig(
                null,
                new ScanTimes.Every(Duration.ofSeconds(10)),
                Duration.ofMinutes(5),
                false,
                EventSettings.AUTO,
                Path.of("/var/lib/portcurfew"),
                empty.web(),
                null,
                LogFormat.TEXT,
                Duration.ofHours(24),
                null,
                Grouping.USUAL,
                List.of(),
                Inventory.NONE));
  }

  @Test
  void everyKeyOfTheConfigIsRead() {
    AgentConfig config = config(Examples.bytes(Path.of(GOOD + "config/all-keys.yaml")));
    assertThat(config.policy())
        .isEqualTo(new PolicySetting.PolicyPath(Path.of("/etc/portcurfew/site/policy.yaml")));
    assertThat(config.events()).isEqualTo(new EventSettings(true, false));
    assertThat(config.scan()).isEqualTo(new ScanTimes.Cron("0 */5 * * * ?"));
    assertThat(config.crossCheck()).isEqualTo(Duration.ofHours(2));
    assertThat(config.sweep()).isTrue();
    assertThat(config.repeatEvery()).isEqualTo(Duration.ofHours(12));
    assertThat(config.heartbeat()).isEqualTo(new Heartbeat("here", Duration.ofMinutes(5)));
    assertThat(config.inventory()).isEqualTo(new Inventory("shipped", Duration.ofMinutes(30), 256));
    assertThat(config.grouping())
        .isEqualTo(new Grouping(List.of(By.RULE, By.PORT), Duration.ofSeconds(30)));
    assertThat(config.state()).isEqualTo(Path.of("/srv/portcurfew"));
    assertThat(config.web()).hasToString("/[0:0:0:0:0:0:0:1]:0");
    assertThat(config.log()).isEqualTo(LogFormat.JSON);
    assertThat(config.receivers())
        .contains(
            new Receiver(
                "ops",
                new ReceiverFilter(
                    false,
                    Severity.WARNING,
                    new TreeMap<>(Map.of("team", "databases", "port", "611"))),
                new WebhookSettings(
                    URI.create("https://hooks.example.org/T0K3N?key=K3Y"),
                    null,
                    Duration.ofSeconds(60))),
            new Receiver(
                "here",
                ReceiverFilter.ALL,
                new WebhookSettings(
                    URI.create("http://localhost:9093/hook"), null, Duration.ofSeconds(2))));
    assertThat(config.toString()).doesNotContain("T0K3N", "K3Y");
  }

  private static Path shipped(String name) {
    return Examples.SHIPPED.resolve(name);
  }

  private static Policy policy(String name) {
    return good(Examples.policy(name, Examples.bytes(Path.of(GOOD + "policy/" + name)))).policy();
  }

  private static Rule rule(String name) {
    return policy("all-keys.yaml").rules().stream()
        .filter(rule -> rule.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static AgentConfig config(byte[] text) {
    return good(Examples.config("portcurfew.yaml", text));
  }

  private static <T> T good(ReadResult<T> read) {
    assertThat(read).isInstanceOf(Good.class);
    return ((Good<T>) read).value();
  }
}
