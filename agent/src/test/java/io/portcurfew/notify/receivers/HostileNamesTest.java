package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.portcurfew.json.Json;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.message.AlertFacts;
import io.portcurfew.notify.message.AlertPayload;
import io.portcurfew.notify.message.AlertText;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process can have any name. An independent parser reads each format back and must find exactly
 * the input: seed 611, 500 names.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileNamesTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Secret KEY = Secret.of("k3y".getBytes(UTF_8));

  private final List<Notification> all = HostileNames.notifications(500, 611);

  @Test
  void lineForATerminal_hasVisibleCharactersOnly() {
    for (Notification one : all) {
      HostileNames.assertVisible(AlertText.line(one));
      AlertFacts.of(one).values().forEach(HostileNames::assertVisible);
      assertThat(AlertText.line(one)).contains("npmp-gui");
    }
  }

  @Test
  void json_hasEachNameInItsPlace() {
    for (Notification one : all) {
      JsonNode body = JSON.readTree(Json.compact(AlertPayload.of(one, "ops", "portcurfew/1")));
      JsonNode alert = body.get("alerts").get(0);
      assertThat(body.get("alerts")).hasSize(1);
      assertThat(alert.at("/labels/severity").asString())
          .isEqualTo(one.alert().finding().severity().label());
      assertThat(alert.at("/annotations/owner").asString())
          .isEqualTo(AlertText.owners(one.alert().finding().owners()));
      assertThat(body.get("host").asString()).isEqualTo(one.host());
      JsonNode posted =
          JSON.readTree(
              Json.compact(
                  AlertmanagerAlerts.of(
                      List.of(one), SampleNotifications.NOON, SampleNotifications.NOON)));
      assertThat(posted).hasSize(1);
      assertThat(posted.get(0).get("labels")).isEqualTo(alert.get("labels"));
      assertThat(posted.get(0).get("annotations")).isEqualTo(alert.get("annotations"));
    }
  }

  @Test
  void slack_hasNoMentionLinkOrEmoji() {
    for (Notification one : all) {
      JsonNode message = JSON.readTree(Json.compact(SlackMessage.of(one, null)));
      assertThat(message.get("text").asString()).doesNotContain("<", ">").isNotEmpty();
      assertThat(message.get("mrkdwn").asBoolean()).isFalse();
      for (JsonNode block : message.get("blocks")) {
        List<JsonNode> texts = new ArrayList<>();
        block.path("fields").forEach(texts::add);
        texts.add(block.path("text"));
        texts.removeIf(JsonNode::isMissingNode);
        assertThat(texts).isNotEmpty();
        for (JsonNode text : texts) {
          assertThat(text.get("type").asString()).isEqualTo("plain_text");
          assertThat(text.get("emoji").asBoolean()).isFalse();
          int most = block.get("type").asString().equals("header") ? 150 : 3000;
          assertThat(text.get("text").asString()).hasSizeBetween(1, most);
          HostileNames.assertVisible(text.get("text").asString());
        }
      }
    }
  }

  @Test
  void pagerduty_hasEachFieldInItsPlace() {
    for (Notification one : all) {
      JsonNode event = JSON.readTree(Json.compact(PagerdutyEvent.of(one, KEY, null)));
      boolean over = one.alert().endsAt() != null;
      assertThat(event.get("event_action").asString()).isEqualTo(over ? "resolve" : "trigger");
      assertThat(event.get("dedup_key").asString()).isEqualTo(one.alert().id());
      assertThat(event.has("payload")).isEqualTo(!over);
      if (!over) {
        assertThat(event.at("/payload/summary").asString()).hasSizeBetween(1, 1024);
        assertThat(event.at("/payload/severity").asString())
            .isEqualTo(one.alert().finding().severity().label());
        assertThat(event.at("/payload/custom_details/Owner").asString())
            .isEqualTo(AlertText.owners(one.alert().finding().owners()));
      }
    }
  }

  @Test
  void file_hasOneLineOfJsonEach(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("alerts.json");
    FileNotifier notifier =
        new FileNotifier(
            new FileSettings(file, 1L << 30, 1),
            "1.2.3",
            InstantSource.fixed(SampleNotifications.NOON));
    for (Notification one : all) {
      assertThat(notifier.deliver(one)).isInstanceOf(Delivery.Delivered.class);
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSameSizeAs(all);
    for (int i = 0; i < lines.size(); i++) {
      Notification one = all.get(i);
      HostileNames.assertVisible(lines.get(i));
      JsonNode document = JSON.readTree(lines.get(i));
      assertThat(document.get("message").asString()).isEqualTo(AlertText.line(one));
      assertThat(document.get("process.executable").asString())
          .isEqualTo(
              AlertText.oneLine(one.alert().finding().owners().get(0).executable().toString()));
      assertThat(document.get("event.id").asString()).isEqualTo(one.id());
      assertThat(document.get("process.parent.name").isString()).isTrue();
    }
  }

  @Test
  void syslog_isOneValidMessageEach() {
    for (Notification one : all) {
      for (int most : new int[] {2048, 8000}) {
        byte[] message = SyslogLine.of(one, AlertText.line(one), 3, SampleNotifications.NOON, most);
        assertThat(message).hasSizeLessThanOrEqualTo(most);
        Rfc5424 read = Rfc5424.of(message);
        assertThat(read.priority() / 8).isEqualTo(3);
        assertThat(read.data()).containsOnlyKeys(SyslogLine.ID);
        assertThat(read.data().get(SyslogLine.ID))
            .containsEntry("rule", "npmp-gui")
            .containsEntry("id", one.id());
        HostileNames.assertVisible(read.text());
        assertThat(AlertText.line(one)).startsWith(read.text());
      }
      Rfc5424 whole =
          Rfc5424.of(SyslogLine.of(one, AlertText.line(one), 3, SampleNotifications.NOON, 100_000));
      assertThat(whole.text()).isEqualTo(AlertText.line(one));
      assertThat(whole.data().get(SyslogLine.ID))
          .containsEntry(
              "owner", AlertText.cut(AlertText.owners(one.alert().finding().owners()), 256))
          .containsEntry(
              "parent", AlertText.cut(AlertText.parents(one.alert().finding().owners()), 256));
    }
  }

  @Test
  void mail_hasNoInjectedHeaderPartOrElement() throws Exception {
    EmailSettings settings = Mails.settings(25, EmailSettings.Wording.DEFAULT);
    for (Notification one : all) {
      assertMail(Mails.parsed(one, settings), one);
    }
  }

  /** Every 40th name: more of them would not test more of the server. */
  @Test
  void mailPassesAServerUnchanged() throws Exception {
    List<Notification> some =
        IntStream.range(0, all.size() / 40).mapToObj(i -> all.get(i * 40)).toList();
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    try {
      EmailSettings settings =
          Mails.settings(server.getSmtp().getPort(), EmailSettings.Wording.DEFAULT);
      EmailNotifier notifier =
          new EmailNotifier(
              "mail", settings, "portcurfew/1", InstantSource.fixed(SampleNotifications.NOON));
      for (Notification one : some) {
        assertThat(notifier.deliver(one)).isInstanceOf(Delivery.Delivered.class);
      }
      MimeMessage[] received = server.getReceivedMessages();
      assertThat(received).hasSameSizeAs(some);
      for (int i = 0; i < received.length; i++) {
        assertMail(received[i], some.get(i));
      }
    } finally {
      server.stop();
    }
  }

  private static void assertMail(MimeMessage read, Notification one) throws Exception {
    Mails.assertHeaders(read, usualSubject(one));
    MimeMultipart parts = (MimeMultipart) read.getContent();
    assertThat(parts.getCount()).isEqualTo(2);
    assertPlain(parts.getBodyPart(0), one);
    assertHtml(parts.getBodyPart(1), one);
  }

  private static String usualSubject(Notification one) {
    return AlertText.oneLine(one.host() + ": " + AlertText.line(one));
  }

  private static void assertPlain(BodyPart part, Notification one) throws Exception {
    assertThat(part.isMimeType("text/plain")).isTrue();
    assertThat((String) part.getContent())
        .startsWith(AlertText.line(one))
        .contains(AlertText.owners(one.alert().finding().owners()));
    ((String) part.getContent()).lines().forEach(HostileNames::assertVisible);
  }

  private static void assertHtml(BodyPart part, Notification one) throws Exception {
    assertThat(part.isMimeType("text/html")).isTrue();
    Document page = Jsoup.parse((String) part.getContent());
    assertThat(page.getAllElements())
        .extracting(Element::tagName)
        .containsOnly(
            "#root", "html", "head", "meta", "title", "body", "p", "strong", "table", "tbody", "tr",
            "td", "ul", "li");
    assertThat(page.selectFirst("strong").wholeText()).isEqualTo(AlertText.line(one));
    assertThat(page.select("td").eachText()).contains("Owner", "npmp-gui");
    assertThat(page.select("li")).hasSize(1);
  }
}
