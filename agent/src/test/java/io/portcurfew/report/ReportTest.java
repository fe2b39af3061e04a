package io.portcurfew.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleEvidence;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {

  /** Beside the project; it is not ours to ship. */
  private static final String SCHEMA =
      "../../shared/data/oscal-assessment-results-1.2.1.schema.json";

  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final Instant FROM = NOW.minusSeconds(86_400);
  private static final Policy POLICY =
      new Policy(
          true,
          List.of(
              rule("npmp-gui", 611, Expectation.CLOSED, "pci-dss:2.2.4", "cis-debian12:2.1.22"),
              rule("telnet", 23, Expectation.CLOSED),
              rule("ssh", 22, Expectation.ALLOWED, "nist-800-53:CM-7(1)")));

  private static Rule rule(String name, int port, Expectation expect, String... controls) {
    return new Rule(
        name,
        new RuleScope(List.of(new PortRange(port, port)), Set.of(Protocol.TCP)),
        expect,
        RuleTerms.NONE,
        LocalDate.of(2027, 1, 1),
        NotifySettings.of(Severity.CRITICAL, "=because <b>" + name + "</b>, \"so\""),
        new RuleEvidence(List.of(controls), "CHG-" + port));
  }

  private static JudgedSnapshot scanned(List<Gap> gaps, int... ports) {
    List<Listener> listeners =
        Arrays.stream(ports)
            .mapToObj(
                port ->
                    new Listener(
                        new Endpoint(Protocol.TCP, Address.ANY_IPV4, port), null, List.of(), "ss"))
            .toList();
    Snapshot snapshot = PlainSnapshots.of(NOW, gaps.isEmpty(), listeners, gaps);
    return new JudgedSnapshot(snapshot, Judge.judge(POLICY, snapshot, List.of()));
  }

  private static HostReport report(JudgedSnapshot judged, Alert... alerts) {
    return report(judged, List.of(), alerts);
  }

  private static HostReport report(
      JudgedSnapshot judged, List<UnseenTime> pauses, Alert... alerts) {
    ObservedPeriod period =
        new ObservedPeriod(
            FROM,
            "611:" + "9".repeat(64),
            List.of(alerts),
            List.of("a silence"),
            List.of("a reload"),
            pauses);
    return ReportMaker.of(POLICY, "policy.yaml", "0123456789abcdef", judged, period);
  }

  private static String oscal(String version, HostReport... reports) {
    StringWriter out = new StringWriter();
    OscalJson.write(List.of(reports), version, out);
    return out.toString();
  }

  private static ReportStatus status(HostReport report, String rule) {
    return report.rules().stream()
        .filter(one -> one.rule().equals(rule))
        .findFirst()
        .orElseThrow()
        .status();
  }

  @Test
  void complyingRule_passes() {
    HostReport report = report(scanned(List.of(), 22, 8080));
    assertThat(report.count(ReportStatus.PASS)).isEqualTo(3);
    assertThat(report.withoutRule()).containsExactly("tcp 0.0.0.0:8080");
    assertThat(report.counts()).isEqualTo(new ListenerCounts(1, 2, 1, 0, 1));
    assertThat(report.rules().get(0).required()).isEqualTo("tcp 611 closed");
  }

  @Test
  void openPort_fails() {
    HostReport report = report(scanned(List.of(), 611));
    assertThat(status(report, "npmp-gui")).isEqualTo(ReportStatus.FAIL);
    assertThat(report.rules().get(0).found()).singleElement().asString().startsWith("now: tcp");
    assertThat(status(report, "telnet")).isEqualTo(ReportStatus.PASS);
  }

  @Test
  void breachThatEnded_failsToo() {
    Finding finding = scanned(List.of(), 23).judgement().findings().get(0);
    Alert ended = new Alert("id", AlertState.RESOLVED, finding, FROM, FROM.plusSeconds(3));
    HostReport report = report(scanned(List.of()), ended);
    assertThat(status(report, "telnet")).isEqualTo(ReportStatus.FAIL);
    assertThat(report.rules().get(1).found())
        .singleElement()
        .asString()
        .startsWith("from 2026-11-25T12:00:00Z to 2026-11-25T12:00:03Z: tcp 0.0.0.0:23");
  }

  @Test
  void ownerOfABreach_isNamed() {
    Owner owner = new Owner(9, HostText.of("sh"), HostText.of("/bin/sh"), HostText.of("ann"), 7L);
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.OPEN,
            "telnet",
            NotifySettings.of(Severity.CRITICAL, null),
            new Endpoint(Protocol.TCP, Address.ANY_IPV4, 23),
            "tcp 0.0.0.0:23 is closed again (open for 4 s)",
            List.of(owner),
            List.of());
    Instant start = FROM.plusNanos(1);
    Alert ended = new Alert("id", AlertState.RESOLVED, finding, start, start.plusSeconds(4));
    assertThat(report(scanned(List.of()), ended).rules().get(1).found())
        .containsExactly(
            "from 2026-11-25T12:00:00Z to 2026-11-25T12:00:04Z: tcp 0.0.0.0:23 is closed again"
                + " (open for 4 s); owner: pid 9 (sh) /bin/sh as ann");
  }

  @Test
  void unseenRule_isNotReviewed() {
    HostReport report =
        report(scanned(List.of(new Gap("ss", Gap.What.LISTENERS, "permission denied"))));
    assertThat(status(report, "npmp-gui")).isEqualTo(ReportStatus.NOT_REVIEWED);
    assertThat(report.count(ReportStatus.PASS)).isZero();
    assertThat(ReportHtml.write(List.of(report))).contains("not reviewed");
    assertThat(oscal("1", report)).doesNotContain("satisfied");
  }

  private static Alert blind(AlertState state, Duration length) {
    Finding finding =
        Finding.ofHost(
            FindingKind.BLIND,
            Policy.DEFAULT,
            NotifySettings.of(Severity.WARNING),
            "Blind: no source saw all listeners",
            List.of());
    Instant end = state == AlertState.RESOLVED ? FROM.plus(length) : null;
    return new Alert("b", state, finding, FROM, end);
  }

  @Test
  void longBlindTime_isNotReviewed() {
    HostReport report =
        report(scanned(List.of(), 22), blind(AlertState.RESOLVED, Duration.ofHours(2)));
    assertThat(report.count(ReportStatus.NOT_REVIEWED)).isEqualTo(3);
    String time = "from 2026-11-25T12:00:00Z to 2026-11-25T14:00:00Z: Blind: no source saw all";
    assertThat(report.rules().get(0).found())
        .singleElement()
        .asString()
        .startsWith("not seen " + time);
    assertThat(report.gaps()).singleElement().asString().startsWith(time);
    assertThat(report(scanned(List.of()), blind(AlertState.FIRING, Duration.ZERO)).rules())
        .extracting(RuleReport::status)
        .containsOnly(ReportStatus.NOT_REVIEWED);
  }

  @Test
  void shortBlindTime_isNamedAndPasses() {
    HostReport report =
        report(scanned(List.of()), blind(AlertState.RESOLVED, UnseenTime.TOLERATED));
    assertThat(report.count(ReportStatus.PASS)).isEqualTo(3);
    assertThat(report.gaps()).hasSize(1);
    assertThat(report(scanned(List.of()), blind(AlertState.PENDING, Duration.ZERO)).gaps())
        .isEmpty();
  }

  @Test
  void pauseOfTheAgent_isNotReviewed() {
    UnseenTime pause = UnseenTime.ofPause(FROM, FROM.plus(Duration.ofMinutes(11)));
    HostReport report = report(scanned(List.of(), 611), List.of(pause));
    assertThat(status(report, "npmp-gui")).isEqualTo(ReportStatus.FAIL);
    assertThat(status(report, "telnet")).isEqualTo(ReportStatus.NOT_REVIEWED);
    assertThat(report.gaps()).singleElement().asString().endsWith(": the agent did not run");
  }

  @Test
  void alertThatIsNotResolvedYet_fails() {
    Finding finding = scanned(List.of(), 23).judgement().findings().get(0);
    Alert open = new Alert("id", AlertState.FIRING, finding, FROM, null);
    assertThat(status(report(scanned(List.of()), open), "telnet")).isEqualTo(ReportStatus.FAIL);
    assertThat(report(scanned(List.of(), 23), open).rules().get(1).found())
        .singleElement()
        .asString()
        .startsWith("now: ");
    Alert pending = new Alert("id", AlertState.PENDING, finding, FROM, null);
    assertThat(status(report(scanned(List.of()), pending), "telnet")).isEqualTo(ReportStatus.PASS);
  }

  @ParameterizedTest
  @CsvSource({"host, web, false", "host, others, false", "web, others, true", ", web, true"})
  void unseenNamespace_concernsItsRules(String wanted, String namespace, boolean concerned) {
    RuleScope scope = new RuleScope(List.of(new PortRange(22, 22)), Set.of(Protocol.TCP), wanted);
    Rule rule =
        new Rule(
            "r", scope, Expectation.CLOSED, RuleTerms.NONE, null, NotifySettings.of(Severity.INFO));
    assertThat(new UnseenTime(FROM, NOW, namespace, "why").concerns(rule)).isEqualTo(concerned);
  }

  @Test
  void deniedListener_isWithoutRule() {
    Policy deny = new Policy(false, POLICY.rules());
    Snapshot snapshot = scanned(List.of(), 22, 8080).snapshot();
    JudgedSnapshot judged = new JudgedSnapshot(snapshot, Judge.judge(deny, snapshot, List.of()));
    Finding earlier =
        Judge.judge(deny, scanned(List.of(), 9000).snapshot(), List.of()).findings().get(0);
    Alert ended = new Alert("id", AlertState.RESOLVED, earlier, FROM, FROM.plusSeconds(3));
    ObservedPeriod period =
        new ObservedPeriod(FROM, null, List.of(ended), List.of(), List.of(), List.of());
    HostReport report = ReportMaker.of(deny, "policy.yaml", "0123", judged, period);
    assertThat(report.withoutRule())
        .containsExactly(
            "tcp 0.0.0.0:8080",
            "tcp 0.0.0.0:9000 from 2026-11-25T12:00:00Z to 2026-11-25T12:00:03Z");
    assertThat(report.counts()).isEqualTo(new ListenerCounts(1, 2, 1, 1, 0));
  }

  @Test
  void requirement_namesTheTermsOfItsRule() {
    OwnerTerm sshd = new OwnerTerm("/usr/sbin/sshd", "root");
    Rule rule =
        new Rule(
            "ssh",
            new RuleScope(List.of(new PortRange(22, 22)), Set.of(Protocol.TCP), "host"),
            Expectation.ALLOWED,
            new RuleTerms(List.of(new AddressTerm.Loopback()), List.of(sshd)),
            null,
            NotifySettings.of(Severity.INFO));
    assertThat(RequirementText.of(rule))
        .isEqualTo("tcp 22 in namespace host allowed on loopback, held by /usr/sbin/sshd as root");
    Rule packet =
        new Rule(
            "packet",
            RuleScope.ofSockets(Set.of(SocketPlace.Family.PACKET), null, List.of(sshd)),
            Expectation.CLOSED,
            RuleTerms.NONE,
            null,
            NotifySettings.of(Severity.INFO));
    assertThat(RequirementText.of(packet))
        .isEqualTo("packet sockets of /usr/sbin/sshd as root closed");
  }

  @Test
  void json_isReadAgain() {
    HostReport one = report(scanned(List.of(), 22, 611));
    HostReport blind = report(scanned(List.of(new Gap("ss", Gap.What.LISTENERS, "no"))));
    assertThat(ReportJson.read(ReportJson.write(List.of(one)))).containsExactly(one);
    List<HostReport> both = List.of(one, blind);
    assertThat(ReportJson.read(ReportJson.write(both))).isEqualTo(both);
    assertThatThrownBy(() -> ReportJson.read("{\"schema\": 2}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("schema is not 1");
    assertThatThrownBy(() -> ReportJson.read("{\"schema\": 1, \"listeners\": []}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void csv_hasOneRowPerRuleWithoutFormulas() {
    String csv = ReportCsv.write(List.of(report(scanned(List.of(), 22, 611))));
    assertThat(csv.lines()).hasSize(4);
    assertThat(csv)
        .contains(
            "web-1,2026-11-25T12:00:00Z,2026-11-26T12:00:00Z,policy.yaml,0123456789abcdef,npmp-gui,"
                + "fail,tcp 611 closed,pci-dss:2.2.4 cis-debian12:2.1.22,CHG-611,2027-01-01,")
        .contains(",\"'=because <b>npmp-gui</b>, \"\"so\"\"\",")
        .doesNotContain(",=");
  }

  @Test
  void html_escapesEverything() {
    String html = ReportHtml.write(List.of(report(scanned(List.of(), 22, 611))));
    assertThat(html)
        .contains("=because &lt;b&gt;npmp-gui&lt;/b&gt;, &quot;so&quot;")
        .contains("CIS Controls v8, 4.8: 2 services found, 1 of them authorized, 1 unauthorized")
        .doesNotContain("<b>", "http://", "https://", "<script");
  }

  @Test
  void oscal_validatesAgainstTheSchemaOfNist() throws Exception {
    Path file = Path.of(System.getProperty("portcurfew.oscal.schema", SCHEMA));
    Assumptions.assumeThat(file)
        .as("skipped: this test needs NIST's schema of OSCAL assessment results 1.2.1")
        .exists();
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(Files.readString(file), InputFormat.JSON);
    HostReport failing = report(scanned(List.of(), 22, 611));
    HostReport blind = report(scanned(List.of(new Gap("ss", Gap.What.LISTENERS, "no"))));
    String oscal = oscal("1.2.3", failing, blind);
    assertThat(schema.validate(oscal, InputFormat.JSON))
        .as(oscal)
        .extracting(Object::toString)
        .isEmpty();
    assertThat(schema.validate(oscal.replace("\"TEST\"", "\"\""), InputFormat.JSON)).isNotEmpty();
    assertThat(oscal("1.2.3", failing, blind)).isEqualTo(oscal);
    assertThat(
            oscal.lines().filter(line -> line.contains("-satisfied")).collect(Collectors.toSet()))
        .hasSize(1);
  }
}
