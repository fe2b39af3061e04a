package io.portcurfew.notify.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.json.Json;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.message.AlertFacts;
import io.portcurfew.notify.message.AlertPayload;
import io.portcurfew.notify.message.CefLine;
import io.portcurfew.notify.message.EcsLine;
import io.portcurfew.notify.message.LogLine;
import io.portcurfew.notify.message.OcsfFinding;
import io.portcurfew.notify.message.TextTemplate;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.OwnerDetails.Ancestor;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The parent of an owner in each form of an alert. */
class ParentInAlertsTest {

  private static final Ancestor SSHD = new Ancestor(640, HostText.of("sshd"));
  private static final Ancestor INIT = new Ancestor(1, HostText.of("systemd"));

  private static Owner owner(int pid, Ancestor... ancestors) {
    OwnerDetails details =
        OwnerDetails.builder()
            .unit(HostText.of("session-3.scope"))
            .container(Container.named(HostText.of("shop")))
            .ancestors(List.of(ancestors))
            .build();
    return new Owner(pid, HostText.of("nc"), HostText.of("/bin/nc"), null, 33L, details);
  }

  private static Notification alert(String rule, Owner... owners) {
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.WRONG_OWNER,
            rule,
            NotifySettings.of(Severity.WARNING),
            SampleNotifications.NPMP,
            "is held",
            List.of(owners),
            List.of());
    return SampleNotifications.first("n1", finding);
  }

  private static JsonNode json(Object tree) {
    return new JsonMapper().readTree(Json.compact(tree));
  }

  @Test
  void ownerWithParent_hasItInEveryForm() {
    Notification one = alert("web", owner(666, SSHD, INIT));

    JsonNode line = json(EcsLine.of(one, SampleNotifications.NOON));
    assertThat(line.get("process.parent.pid").asInt()).isEqualTo(640);
    assertThat(line.get("process.parent.name").asString()).isEqualTo("sshd");
    assertThat(line.get("portcurfew.unit").asString()).isEqualTo("session-3.scope");
    assertThat(line.get("container.name").asString()).isEqualTo("shop");
    JsonNode process =
        json(OcsfFinding.of(one, "1", SampleNotifications.NOON)).at("/evidences/0/process");
    assertThat(process.get("parent_process").toString())
        .isEqualTo("{\"pid\":640,\"name\":\"sshd\"}");
    assertThat(AlertPayload.annotations(one)).containsEntry("parent", "sshd[640]");
    assertThat(AlertFacts.of(one)).containsEntry("Parent", "sshd[640]");
    assertThat(CefLine.of(one, "1")).contains(" cs5Label=parent cs5=sshd[640]");
    assertThat(syslog(one)).contains(" parent=\"sshd[640\\]\"");
    assertThat(TextTemplate.words(TextTemplate.of("{{parent}}"), one, "")).isEqualTo("sshd[640]");
    assertThat(LogLine.of(one)).endsWith(" uid=33 container=shop parent=sshd[640]");
    JsonNode incident = json(PagerdutyEvent.of(one, Secret.of(new byte[] {1}), null));
    assertThat(incident.at("/payload/custom_details/Parent").asString()).isEqualTo("sshd[640]");
  }

  @Test
  void ownerWithoutParent_hasNoKeyForIt() {
    Notification one = alert("web", owner(666));

    assertThat(Json.compact(EcsLine.of(one, SampleNotifications.NOON))).doesNotContain("parent");
    assertThat(AlertPayload.annotations(one)).doesNotContainKey("parent");
    assertThat(AlertFacts.of(one)).doesNotContainKey("Parent");
    assertThat(CefLine.of(one, "1")).doesNotContain("parent");
    assertThat(syslog(one)).doesNotContain("parent");
    assertThat(LogLine.of(one)).endsWith("container=shop");
  }

  @Test
  void workersOfOneParent_nameItOnce() {
    Notification one = alert("web", owner(666, SSHD), owner(667, SSHD), owner(668, INIT));

    assertThat(AlertPayload.annotations(one)).containsEntry("parent", "sshd[640], systemd[1]");
  }

  @Test
  void parentsAreBoundedAndQuoted() {
    Ancestor hostile = new Ancestor(7, HostText.of("a, b[1]\n\""));
    Owner[] many =
        IntStream.range(0, 100)
            .mapToObj(i -> owner(1000 + i, new Ancestor(i + 1, HostText.of("p"))))
            .toArray(Owner[]::new);

    assertThat(AlertPayload.annotations(alert("web", owner(666, hostile))))
        .containsEntry("parent", "\"a, b[1]\\x0a\\\"\"[7]");
    assertThat(AlertPayload.annotations(alert("web", many)).get("parent"))
        .startsWith("p[1], p[2], ")
        .endsWith("p[20], and 80 more");
  }

  @Test
  void longLogLine_leavesTheParentOut() {
    String rule = "r".repeat(70);

    assertThat(LogLine.of(alert(rule, owner(666, SSHD))))
        .endsWith(" uid=33 container=shop")
        .hasSizeLessThanOrEqualTo(LogLine.MOST);
  }

  private static String syslog(Notification one) {
    return new String(
        SyslogLine.of(one, "text", 3, SampleNotifications.NOON, 8000), StandardCharsets.UTF_8);
  }
}
