package io.portcurfew.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import io.portcurfew.config.policy.ExpectedReader;
import io.portcurfew.config.policy.PolicySchemaPlaces;
import io.portcurfew.config.policy.ShortForm;
import io.portcurfew.config.receivers.ReceiverSchemaPlaces;
import io.portcurfew.config.receivers.SyslogReader;
import io.portcurfew.config.yaml.LabelsReader;
import io.portcurfew.judge.Verdict;
import io.portcurfew.notify.AlertLabels;
import io.portcurfew.notify.Grouping;
import io.portcurfew.notify.receivers.EmailSettings.Security;
import io.portcurfew.notify.receivers.SyslogSettings.SyslogTransport;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.command.Format;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;

/** The schemas and the readers accept the same files, as far as a schema can express it. */
class SchemaTest {

  private static final List<SchemaPlace> AGENT_PLACES =
      List.of(
          new SchemaPlace("config", "", AgentConfigReader.KEYS),
          new SchemaPlace("config", "/$defs/bundle", BundleSourceReader.KEYS),
          new SchemaPlace("config", "/properties/scan", ScanReader.KEYS),
          new SchemaPlace("config", "/properties/cross_check", AgentConfigReader.CROSS_CHECK_KEYS),
          new SchemaPlace("config", "/properties/events", AgentConfigReader.EVENT_KEYS),
          new SchemaPlace("config", "/properties/web", AgentConfigReader.WEB_KEYS),
          new SchemaPlace("config", "/properties/log", AgentConfigReader.LOG_KEYS),
          new SchemaPlace("config", "/properties/notify", AgentConfigReader.NOTIFY_KEYS));

  private static final List<SchemaPlace> PLACES =
      Stream.of(AGENT_PLACES, PolicySchemaPlaces.ALL, ReceiverSchemaPlaces.ALL)
          .flatMap(List::stream)
          .toList();

  /** Mistakes that no schema can express; only the reader finds them. */
  private static final Map<String, List<String>> BEYOND_A_SCHEMA =
      Map.of(
          "policy",
          List.of(
              "address-interface-nearly",
              "address-mistyped",
              "alias-and-anchor",
              "because-escape",
              "block-host-bits-ipv6",
              "block-host-bits",
              "directive",
              "executable-dots",
              "executable-windows-pattern",
              "for-too-long",
              "include-a-folder",
              "include-above",
              "include-itself-later",
              "include-itself",
              "include-missing",
              "include-name-taken",
              "include-no-yaml",
              "include-too-deep",
              "include-twice-below",
              "include-twice",
              "include-url",
              "include-with-mistakes",
              "merge-key",
              "name-twice",
              "name-yes",
              "port-decimal",
              "port-hexadecimal",
              "port-octal",
              "port-plus",
              "range-reversed",
              "required-65-endpoints",
              "required-range",
              "runbook-hostile-host",
              "tag",
              "unknown-directive",
              "until-no-such-day",
              "version-decimal"),
          "config",
          List.of(
              "alertmanager-resend",
              "bundle-http",
              "ca-file-empty",
              "command-missing",
              "command-not-executable",
              "cron-wrong",
              "duration-too-long",
              "heartbeat-pagerduty",
              "heartbeat-receiver-unknown",
              "heartbeat-too-often",
              "receiver-file-twice",
              "receiver-name-twice",
              "secret-file-a-folder",
              "secret-file-missing",
              "template-include",
              "template-lines",
              "template-name",
              "template-open",
              "template-section",
              "timeout-too-long",
              "url-host-underscore",
              "url-http-nearly-loopback",
              "url-port-too-high",
              "url-spaced"),
          "test",
          List.of(
              "at-no-such-day",
              "capture-not-there",
              "listener-address-256",
              "listener-as-a-number",
              "listener-by-a-name",
              "listener-by-dots",
              "listener-unit-without-suffix",
              "listener-word-twice",
              "name-twice",
              "policy-not-there"));

  static Stream<SchemaPlace> places() {
    return PLACES.stream();
  }

  @ParameterizedTest
  @MethodSource("places")
  void schemaAndReaderKnowTheSameKeys(SchemaPlace place) {
    JsonNode mapping = Schemas.tree(place.kind()).at(place.pointer());
    assertThat(mapping.get("properties").propertyNames())
        .containsExactlyInAnyOrderElementsOf(place.keys());
  }

  @ParameterizedTest
  @ValueSource(strings = {"policy", "config", "test"})
  void everyMappingOfTheSchemaHasAReader(String kind) {
    assertThat(mappings(Schemas.tree(kind), ""))
        .containsExactlyInAnyOrderElementsOf(
            PLACES.stream()
                .filter(place -> place.kind().equals(kind))
                .map(SchemaPlace::pointer)
                .toList());
  }

  @ParameterizedTest
  @MethodSource("places")
  void mappingIsClosedAndExplainsItsKeys(SchemaPlace place) {
    JsonNode mapping = Schemas.tree(place.kind()).at(place.pointer());
    assertThat(mapping.path("additionalProperties").asBoolean(true)).isFalse();
    mapping
        .get("properties")
        .forEach(
            key ->
                assertThat(key.has("description") || key.has("$ref") || key.has("items")).isTrue());
  }

  @Test
  void schemaAndReaderKnowTheSameWords() {
    JsonNode rule = Schemas.tree("policy").at("/$defs/rule/properties");
    assertThat(words(rule.at("/expect/enum")))
        .isEqualTo(labels(Expectation.values(), Expectation::label));
    assertThat(words(rule.at("/severity/enum")))
        .isEqualTo(labels(Severity.values(), Severity::label));
    assertThat(words(Schemas.tree("config").at("/$defs/receiver/properties/severity/enum")))
        .isEqualTo(labels(Severity.values(), Severity::label));
    assertThat(words(Schemas.tree("policy").at("/$defs/protocol/enum")))
        .isEqualTo(labels(Protocol.values(), Protocol::label));
    assertThat(words(Schemas.tree("config").at("/properties/log/properties/format/enum")))
        .isEqualTo(labels(LogFormat.values(), LogFormat::label));
    assertThat(
            words(Schemas.tree("config").at("/properties/notify/properties/group_by/items/enum")))
        .isEqualTo(labels(Grouping.By.values(), Grouping.By::label));
    JsonNode config = Schemas.tree("config").get("$defs");
    assertThat(words(config.at("/email/properties/security/enum")))
        .isEqualTo(labels(Security.values(), Security::label));
    assertThat(words(config.at("/syslog/properties/transport/enum")))
        .isEqualTo(labels(SyslogTransport.values(), SyslogTransport::label));
    assertThat(words(config.at("/syslog/properties/facility/enum")))
        .isEqualTo(
            SyslogReader.FACILITIES.stream().filter(word -> !word.isEmpty()).sorted().toList());
    JsonNode test = Schemas.tree("test").get("$defs");
    assertThat(words(test.at("/finding/properties/kind/enum")))
        .isEqualTo(labels(ExpectedReader.KINDS.toArray(FindingKind[]::new), FindingKind::label));
    assertThat(words(test.at("/finding/properties/severity/enum")))
        .isEqualTo(labels(Severity.values(), Severity::label));
    assertThat(words(test.at("/verdict/properties/verdict/enum")))
        .isEqualTo(labels(Verdict.values(), Verdict::label));
    assertThat(words(test.at("/test/properties/capture/properties/as/enum")))
        .isEqualTo(labels(Format.values(), Format::label));
    assertThat(test.at("/listener/pattern").asString())
        .contains(
            ShortForm.WORDS.stream()
                .filter(word -> !word.equals("deleted"))
                .collect(Collectors.joining("|", "( deleted| (", ") ")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"policy", "config", "test"})
  void schemaAcceptsWhatTheReaderAccepts(String kind) {
    Schema schema = Schemas.schema(kind);
    for (Path file : Examples.good(kind)) {
      assertThat(Schemas.errors(schema, Examples.bytes(file))).as(file.toString()).isEmpty();
    }
  }

  @Test
  void schemasAcceptThePacksAndTheirTests() throws IOException {
    try (Stream<Path> files = Files.list(Examples.SHIPPED.resolve("policies"))) {
      for (Path file : files.toList()) {
        String kind = file.toString().endsWith(".test.yaml") ? "test" : "policy";
        assertThat(Schemas.errors(Schemas.schema(kind), Examples.bytes(file)))
            .as(file.toString())
            .isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"policy", "config", "test"})
  void schemaFindsEveryMistakeThatASchemaCan(String kind) {
    Schema schema = Schemas.schema(kind);
    List<String> unseen = new ArrayList<>();
    for (Path file : Examples.bad(kind)) {
      if (!isRefused(schema, Examples.bytes(file))) {
        unseen.add(file.getFileName().toString().replace(".yaml", ""));
      }
    }
    assertThat(unseen).isEqualTo(BEYOND_A_SCHEMA.get(kind));
  }

  private static boolean isRefused(Schema schema, byte[] file) {
    try {
      return !Schemas.errors(schema, file).isEmpty();
    } catch (YamlEngineException | NumberFormatException notYaml) {
      return true;
    }
  }

  @Test
  void schemaAndReaderReserveTheSameLabels() {
    JsonNode labels = Schemas.tree("policy").at("/$defs/rule/properties/labels");
    assertThat(words(labels.at("/propertyNames/not/anyOf/1/enum")))
        .containsExactlyInAnyOrderElementsOf(AlertLabels.OWN);
    assertThat(labels.get("maxProperties").asInt()).isEqualTo(LabelsReader.MOST);
  }

  /** The mappings with fixed keys. */
  private static List<String> mappings(JsonNode node, String pointer) {
    List<String> found = new ArrayList<>();
    if (node.path("type").asString("").equals("object") && node.has("properties")) {
      found.add(pointer);
    }
    node.propertyStream()
        .forEach(entry -> found.addAll(mappings(entry.getValue(), pointer + "/" + entry.getKey())));
    return found;
  }

  private static List<String> words(JsonNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(word.asString()));
    return List.copyOf(new TreeSet<>(words));
  }

  private static <T> List<String> labels(T[] values, Function<T, String> label) {
    return Arrays.stream(values).map(label).sorted().toList();
  }
}
