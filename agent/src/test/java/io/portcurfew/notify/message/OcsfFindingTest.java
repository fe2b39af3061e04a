package io.portcurfew.notify.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.json.Json;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.SummaryFolding;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.FindingType;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class OcsfFindingTest {

  private static final String SCHEMA = "shared/data/ocsf-1.8.0-findings.schema.json";

  private static final Notification SUMMARY =
      SummaryFolding.of(List.of(SampleNotifications.first(), SampleNotifications.resolved()));

  private static Notification because(Reason reason) {
    Alert alert = SampleNotifications.first().alert();
    return new Notification("n1", reason, alert, "web-1", "0123456789ab");
  }

  private static JsonNode json(Notification one) {
    Map<String, Object> tree =
        OcsfFinding.of(one, "1.2.3", SampleNotifications.NOON.plus(Duration.ofSeconds(1)));
    return new ObjectMapper().readTree(Json.compact(tree));
  }

  private static Owner childOf(int parent) {
    OwnerDetails details =
        OwnerDetails.builder()
            .ancestors(List.of(new OwnerDetails.Ancestor(parent, HostText.of("sshd"))))
            .build();
    return SampleNotifications.PYTHON.with(details);
  }

  private static Notification of(FindingType kind, Severity severity, String address) {
    Endpoint endpoint =
        kind instanceof AgentCondition
            ? null
            : new Endpoint(Protocol.UDP, Address.parse(address).orElseThrow(), 611);
    Finding finding =
        Finding.ofEndpoint(
            kind,
            "npmp-gui",
            NotifySettings.of(severity, "why"),
            endpoint,
            "text",
            List.of(childOf(640), SampleNotifications.hostile()),
            List.of());
    Alert alert = new Alert("a1", AlertState.FIRING, finding, SampleNotifications.NOON, null);
    return new Notification("n1", Reason.CHANGED, alert, "web-1", "0123456789ab");
  }

  static List<Notification> everyForm() {
    return Stream.of(
            Stream.of(SampleNotifications.first(), SampleNotifications.resolved()),
            Stream.of(SampleNotifications.labelled(Map.of("team", "databases"))),
            Stream.of(SUMMARY),
            Stream.of(Reason.values()).map(OcsfFindingTest::because),
            Stream.of(FindingKind.values()).map(kind -> of(kind, Severity.WARNING, "0.0.0.0")),
            Stream.of(AgentCondition.values()).map(kind -> of(kind, Severity.INFO, "::")),
            Stream.of("::", "::1", "2001:db8::611", "10.0.0.1", "fe80::1%eth0")
                .map(address -> of(FindingKind.OPEN, Severity.CRITICAL, address)))
        .flatMap(all -> all)
        .toList();
  }

  /** The schema lies beside the repository; it is not a part of it. */
  private static Optional<Path> schemaFile() {
    return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve(SCHEMA))
        .filter(Files::exists)
        .findFirst();
  }

  @ParameterizedTest
  @MethodSource("everyForm")
  void findingIsValidByTheSchemaOfOcsf(Notification one) throws IOException {
    Optional<Path> file = schemaFile();
    Assumptions.assumeTrue(file.isPresent(), "skipped: this test needs " + SCHEMA);
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(Files.readString(file.get()), InputFormat.JSON);
    String json = json(one).toString();
    assertThat(schema.validate(json, InputFormat.JSON)).as(json).isEmpty();
  }

  @Test
  void openPortIsAFailedCompliance() {
    JsonNode finding = json(SampleNotifications.first());
    assertThat(finding.get("class_uid").asInt()).isEqualTo(2003);
    assertThat(finding.get("type_uid").asInt()).isEqualTo(200301);
    assertThat(finding.get("severity_id").asInt()).isEqualTo(5);
    assertThat(finding.at("/compliance/control").asString()).isEqualTo("npmp-gui");
    assertThat(finding.at("/compliance/status_id").asInt()).isEqualTo(3);
    assertThat(finding.at("/evidences/0/dst_endpoint/port").asInt()).isEqualTo(611);
    assertThat(finding.at("/evidences/0/process/file/path").asString())
        .isEqualTo("/usr/bin/python3.11");
    assertThat(finding.at("/metadata/product/version").asString()).isEqualTo("1.2.3");
  }

  @Test
  void resolutionClosesTheSameFinding() {
    JsonNode finding = json(SampleNotifications.resolved());
    assertThat(finding.get("activity_id").asInt()).isEqualTo(3);
    assertThat(finding.get("status_id").asInt()).isEqualTo(4);
    assertThat(finding.at("/compliance/status_id").asInt()).isEqualTo(1);
    assertThat(finding.at("/finding_info/uid").asString()).isEqualTo("a1");
    assertThat(finding.get("end_time").asLong()).isGreaterThan(finding.get("start_time").asLong());
  }

  @ParameterizedTest
  @EnumSource(
      value = FindingKind.class,
      names = {"BLIND", "OWNER_UNKNOWN"})
  void untestedRuleIsNeverAPass(FindingKind kind) {
    assertThat(json(of(kind, Severity.WARNING, "::")).at("/compliance/status_id").asInt()).isZero();
  }

  @Test
  void summaryIsADetectionWithACount() {
    JsonNode finding = json(SUMMARY);
    assertThat(finding.get("class_uid").asInt()).isEqualTo(2004);
    assertThat(finding.get("count").asInt()).isEqualTo(2);
    assertThat(finding.get("severity_id").asInt()).isEqualTo(5);
  }

  @Test
  void hiddenListenerIsADetection() {
    JsonNode finding = json(of(FindingKind.HIDDEN, Severity.CRITICAL, "::"));
    assertThat(finding.get("class_uid").asInt()).isEqualTo(2004);
    assertThat(finding.has("compliance")).isFalse();
    assertThat(finding.get("is_alert").asBoolean()).isTrue();
  }
}
