package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.json.Json;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.notify.message.TextTemplate;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The checks of {@link HostileNamesTest} for texts by the operator's templates. */
class HostileTemplatesTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Secret KEY = Secret.of("k3y".getBytes(UTF_8));
  private static final TextTemplate OWN =
      TextTemplate.of(
          "<!here> {{host}} | {{owner}}\n{{#alerts}}{{evidence}} & {{id}}{{/alerts}}\n");

  private final List<Notification> all = HostileNames.notifications(500, 611);

  /** The output of the operator's template with the names in it: no name is a template itself. */
  private static String own(Notification one, String lineEnd) {
    return "<!here> "
        + AlertText.oneLine(one.host())
        + " | "
        + AlertText.oneLine(AlertText.owners(one.alert().finding().owners()))
        + lineEnd
        + AlertText.oneLine(one.alert().finding().evidence().get(0))
        + " & "
        + one.id();
  }

  @Test
  void slackTemplate_isPlainText() {
    for (Notification one : all) {
      JsonNode message = JSON.readTree(Json.compact(SlackMessage.of(one, OWN)));
      String text = AlertText.cut(own(one, "\n").strip(), 2900);
      assertThat(message.get("blocks")).hasSize(1);
      assertThat(message.at("/blocks/0/text/type").asString()).isEqualTo("plain_text");
      assertThat(message.at("/blocks/0/text/text").asString()).isEqualTo(text);
      text.lines().forEach(HostileNames::assertVisible);
      assertThat(message.get("text").asString())
          .doesNotContain("<", ">")
          .isEqualTo(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }
  }

  @Test
  void pagerdutyAndSyslogTemplates_areOneLine() {
    for (Notification one : all) {
      String text = own(one, " ").strip();
      JsonNode event = JSON.readTree(Json.compact(PagerdutyEvent.of(one, KEY, OWN)));
      if (event.has("payload")) {
        assertThat(event.at("/payload/summary").asString()).isEqualTo(AlertText.cut(text, 1000));
      }
      String words = SyslogLine.words(one, OWN);
      Rfc5424 whole = Rfc5424.of(SyslogLine.of(one, words, 3, SampleNotifications.NOON, 100_000));
      assertThat(whole.text()).isEqualTo(text);
      assertThat(whole.data().get(SyslogLine.ID)).containsEntry("id", one.id());
      HostileNames.assertVisible(whole.text());
    }
  }

  @Test
  void mailTemplates_areOneSubjectLineAndPlainText() throws Exception {
    EmailSettings settings = Mails.settings(25, new EmailSettings.Wording(OWN, OWN));
    for (Notification one : all) {
      MimeMessage read = Mails.parsed(one, settings);
      Mails.assertHeaders(read, own(one, " ").strip());
      assertThat(read.isMimeType("text/plain")).isTrue();
      String text = ((String) read.getContent()).replace("\r\n", "\n");
      assertThat(text).isEqualTo(own(one, "\n").strip() + "\n");
      text.lines().forEach(HostileNames::assertVisible);
    }
  }
}
