package io.portcurfew.notify.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.json.Json;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.AlertLabels;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.observe.Owner;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.FindingType;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks payloads with a parser that is not the product's. */
class AlertPayloadTest {

  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void firingAlertHasEveryKeyOfAlertmanager() {
    assertThat(json(SampleNotifications.first()))
        .isEqualTo(
            JSON.readTree(
                """
                {"version": "4",
                 "groupKey": "{}:{address=\\"127.0.0.1\\", alertname=\\"PortcurfewOpen\\", host=\\"web-1\\", \
                namespace=\\"host\\", port=\\"611\\", protocol=\\"tcp\\", rule=\\"npmp-gui\\"}",
                 "truncatedAlerts": 0, "status": "firing", "receiver": "ops",
                 "groupLabels": {"address": "127.0.0.1", "alertname": "PortcurfewOpen", "host": "web-1",
                   "namespace": "host", "port": "611", "protocol": "tcp", "rule": "npmp-gui"},
                 "commonLabels": {"address": "127.0.0.1", "alertname": "PortcurfewOpen", "host": "web-1",
                   "namespace": "host", "port": "611", "protocol": "tcp", "rule": "npmp-gui",
                   "severity": "critical"},
                 "commonAnnotations": {
                   "because": "Registered as npmp-gui;\\nnothing uses it.",
                   "description": "tcp 127.0.0.1:611 is open, held by /usr/bin/python3.11. Rule npmp-gui, \
                severity critical, on web-1, first seen 2026-11-23T12:00:00.000Z.",
                   "evidence": "sock_diag: listens\\nss: listens",
                   "owner": "pid 4711 /usr/bin/python3.11 as root",
                   "policy": "0123456789ab",
                   "summary": "web-1: tcp 127.0.0.1:611 is open, held by /usr/bin/python3.11"},
                 "externalURL": "",
                 "alerts": [{"status": "firing",
                   "labels": {"address": "127.0.0.1", "alertname": "PortcurfewOpen", "host": "web-1",
                     "namespace": "host", "port": "611", "protocol": "tcp", "rule": "npmp-gui",
                     "severity": "critical"},
                   "annotations": {
                     "because": "Registered as npmp-gui;\\nnothing uses it.",
                     "description": "tcp 127.0.0.1:611 is open, held by /usr/bin/python3.11. Rule npmp-gui, \
                severity critical, on web-1, first seen 2026-11-23T12:00:00.000Z.",
                     "evidence": "sock_diag: listens\\nss: listens",
                     "owner": "pid 4711 /usr/bin/python3.11 as root",
                     "policy": "0123456789ab",
                     "summary": "web-1: tcp 127.0.0.1:611 is open, held by /usr/bin/python3.11"},
                   "startsAt": "2026-11-23T12:00:00.000Z", "endsAt": "0001-01-01T00:00:00Z",
                   "generatorURL": "", "fingerprint": "a1"}],
                 "id": "n1", "reason": "first", "host": "web-1", "agent": "portcurfew/0.1.0"}
                """));
  }

  @Test
  void resolvedAlert_hasItsEndAndTheSameGroupKey() {
    JsonNode over = json(SampleNotifications.resolved());

    assertThat(over.path("status").asString()).isEqualTo("resolved");
    assertThat(over.path("reason").asString()).isEqualTo("resolved");
    assertThat(over.at("/alerts/0/status").asString()).isEqualTo("resolved");
    assertThat(over.at("/alerts/0/endsAt").asString()).isEqualTo("2026-11-23T12:00:10.250Z");
    assertThat(over.at("/alerts/0/fingerprint"))
        .isEqualTo(json(SampleNotifications.first()).at("/alerts/0/fingerprint"));
    assertThat(over.path("groupKey")).isEqualTo(json(SampleNotifications.first()).path("groupKey"));
  }

  @ParameterizedTest
  @CsvSource({
    "OPEN, PortcurfewOpen",
    "UNLISTED, PortcurfewUnlisted",
    "EXPOSED, PortcurfewExposed",
    "WRONG_OWNER, PortcurfewWrongOwner",
    "OWNER_UNKNOWN, PortcurfewOwnerUnknown",
    "MISSING, PortcurfewMissing",
    "HIDDEN, PortcurfewHidden",
    "BLIND, PortcurfewBlind",
    "POLICY_NOT_LOADED, PortcurfewPolicyNotLoaded",
    "STORE_DAMAGED, PortcurfewStoreDamaged",
    "HEARTBEAT, PortcurfewHeartbeat",
  })
  void eachKindHasAName(String kind, String name) {
    FindingType type = FindingType.named(kind);
    JsonNode json = json(SampleNotifications.first("n1", about(type, List.of(), List.of())));

    assertThat(json.at("/commonLabels/alertname").asString()).isEqualTo(name);
  }

  @Test
  void unknownValueIsAbsent() {
    JsonNode json =
        json(SampleNotifications.first("n1", about(FindingKind.BLIND, List.of(), List.of())));

    assertThat(json.path("commonLabels").propertyNames())
        .containsExactlyInAnyOrder("alertname", "host", "rule", "severity");
    assertThat(json.path("commonAnnotations").propertyNames())
        .containsExactlyInAnyOrder("description", "policy", "summary");
  }

  @Test
  void labelsOfARule_doNotChangeTheGroup() {
    JsonNode json =
        json(SampleNotifications.labelled(Map.of("team", "databases", "rule", "forged")));

    assertThat(json.at("/commonLabels/team").asString()).isEqualTo("databases");
    assertThat(json.at("/alerts/0/labels")).isEqualTo(json.path("commonLabels"));
    assertThat(json.at("/commonLabels/rule").asString()).isEqualTo("npmp-gui");
    assertThat(json.at("/commonAnnotations/runbook_url").asString())
        .isEqualTo("https://wiki.example.org/npmp");
    assertThat(json.path("groupKey")).isEqualTo(json(SampleNotifications.first()).path("groupKey"));
    assertThat(json.path("groupLabels"))
        .isEqualTo(json(SampleNotifications.first()).path("groupLabels"));
  }

  @Test
  void reservedLabelNames_areThoseOfEveryAlert() {
    assertThat(AlertLabels.own(SampleNotifications.first()).keySet())
        .containsExactlyInAnyOrderElementsOf(AlertLabels.OWN);
  }

  @Test
  void hostileNamesAreTextOnly() {
    Finding finding =
        SampleNotifications.finding(
            Severity.CRITICAL, SampleNotifications.NPMP, SampleNotifications.hostile());

    JsonNode json = json(SampleNotifications.first("n1", finding));

    String shown = "x\\\" user.name=\\\"root\\\"\\x0a\\x1b[2J\\xe2\\x80\\xaeALERT {} ${jndi:x}";
    assertThat(json.at("/commonAnnotations/owner").asString())
        .isEqualTo("pid 666 \"/tmp/" + shown + "\" as \"" + shown + "\"");
    assertThat(json.at("/commonAnnotations/summary").asString())
        .doesNotContain("\n", "\u001b", "\u202e");
    assertThat(json.path("commonLabels"))
        .isEqualTo(json(SampleNotifications.first()).path("commonLabels"));
  }

  @Test
  void thousandOwners_areTwentyAndACount() {
    List<Owner> many = Collections.nCopies(1000, SampleNotifications.PYTHON);
    List<String> lines = Collections.nCopies(1000, "ss: listens");

    JsonNode json = json(SampleNotifications.first("n1", about(FindingKind.OPEN, many, lines)));

    assertThat(json.at("/commonAnnotations/owner").asString())
        .startsWith("pid 4711 /usr/bin/python3.11 as root, pid 4711 ")
        .endsWith("as root, and 980 more");
    assertThat(json.at("/commonAnnotations/evidence").asString().lines()).hasSize(21);
  }

  @Test
  void ownerTextHasItsKnownParts() {
    Owner named = new Owner(1, SampleNotifications.PYTHON.name(), null, null, 33L);

    JsonNode json =
        json(
            SampleNotifications.first(
                "n1", about(FindingKind.OPEN, List.of(named, Owner.of(2)), List.of())));

    assertThat(json.at("/commonAnnotations/owner").asString())
        .isEqualTo("pid 1 python3 as uid 33, pid 2");
  }

  private static Finding about(FindingType kind, List<Owner> owners, List<String> evidence) {
    return Finding.ofEndpoint(
        kind, "default", NotifySettings.of(Severity.WARNING), null, "words", owners, evidence);
  }

  private static JsonNode json(Notification notification) {
    return JSON.readTree(Json.compact(AlertPayload.of(notification, "ops", "portcurfew/0.1.0")));
  }
}
