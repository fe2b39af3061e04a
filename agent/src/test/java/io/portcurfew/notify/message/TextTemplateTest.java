package io.portcurfew.notify.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.policy.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTemplateTest {

  private static String said(String template, Notification one) {
    assertThat(TextTemplate.fault(template)).isEmpty();
    return TextTemplate.words(TextTemplate.of(template), one, "the usual");
  }

  @Test
  void namesAreThoseOfTheWebhook() {
    assertThat(
            said(
                "{{status}} {{reason}} {{alertname}} {{kind}} {{rule}}",
                SampleNotifications.first()))
        .isEqualTo("firing first PortcurfewOpen open npmp-gui");
    assertThat(
            said(
                "{{host}}: {{endpoint}} = {{protocol}} {{address}} {{port}}",
                SampleNotifications.first()))
        .isEqualTo("web-1: tcp 127.0.0.1:611 = tcp 127.0.0.1 611");
    assertThat(said("{{owner}} | {{because}} | {{evidence}}", SampleNotifications.first()))
        .isEqualTo(
            "pid 4711 /usr/bin/python3.11 as root | Registered as npmp-gui; nothing uses it."
                + " | sock_diag: listens\nss: listens");
    assertThat(
            said(
                "{{labels}} {{runbook_url}}",
                SampleNotifications.labelled(Map.of("a", "b", "c", "d"))))
        .isEqualTo("a=b, c=d https://wiki.example.org/npmp");
    assertThat(
            said(
                "{{status}} {{startsAt}} {{endsAt}} {{id}} {{fingerprint}}",
                SampleNotifications.resolved()))
        .isEqualTo("resolved 2026-11-23T12:00:00.000Z 2026-11-23T12:00:10.250Z n2 a1");
  }

  @Test
  void unknownValueIsEmpty_andItsSectionIsLeftOut() {
    assertThat(said("a{{endsAt}}{{#endsAt}} over{{/endsAt}}", SampleNotifications.first()))
        .isEqualTo("a");
    assertThat(said("{{^endsAt}}still{{/endsAt}}", SampleNotifications.first())).isEqualTo("still");
  }

  @Test
  void alertsAreAList_alsoOfASingleAlert() {
    String template =
        "{{count}}: {{#alerts}}{{fingerprint}} {{status}}{{^-last}}, {{/-last}}{{/alerts}}";
    assertThat(said(template, SampleNotifications.first())).isEqualTo("1: a1 firing");
    Notification summary = summary(3);
    assertThat(said(template, summary)).isEqualTo("3: a0 firing, a1 firing, a2 firing");
    assertThat(said("{{reason}} {{rule}} {{summary}}", summary))
        .isEqualTo("summary  web-1: 3 listeners opened by 1 executable");
  }

  private static Notification summary(int alerts) {
    List<Notification> all = new ArrayList<>();
    for (int i = 0; i < alerts; i++) {
      Finding finding =
          SampleNotifications.finding(
              Severity.WARNING, SampleNotifications.NPMP, SampleNotifications.PYTHON);
      Alert alert = new Alert("a" + i, AlertState.FIRING, finding, SampleNotifications.NOON, null);
      all.add(new Notification("n" + i, Reason.FIRST, alert, "web-1", "0123456789ab"));
    }
    return Notification.of(all);
  }

  @Test
  void everyNotificationHasExactlyTheseNames() {
    for (Notification one :
        List.of(SampleNotifications.first(), SampleNotifications.resolved(), summary(2))) {
      Map<String, Object> facts = TemplateFacts.of(one);
      assertThat(facts).containsOnlyKeys(TemplateFacts.NAMES);
      assertThat((List<?>) facts.get("alerts"))
          .isNotEmpty()
          .allSatisfy(alert -> assertThat(((Map<?, ?>) alert).keySet()).isEqualTo(facts.keySet()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{{hots}}#unknown name#hots",
        "{{rule.length}}#unknown name#rule.length",
        "{{.}}#unknown name#.",
        "{{this}}#unknown name#this",
        "{{^endsAt}}{{/endsAt}}{{^host}}{{nam}}{{/host}}#unknown name#nam",
        "{{&facts}}#unknown name#facts",
        "{{^rule}}{{alerts}}{{/rule}}#this is a list#{{alerts}}",
        "{{host#a tag has no end#{{",
        "{{{host}#a tag has no end#{{",
        "a }} b#a tag has no start#}}",
        "{{>mail}}#a template cannot include another one#{{>mail}}",
        "{{<mail}}{{/mail}}#a template cannot include another one#{{<mail}}",
        "{{$mail}}{{/mail}}#a template cannot include another one#{{$mail}}",
        "{{}}#not a Mustache template#an empty tag",
        "{{/rule}}#not a Mustache template#Section close tag with no open tag 'rule' @ line 1"
      })
  void wrongTemplate_isAFault(String template, String what, String found) {
    assertThat(TextTemplate.fault(template))
        .hasValueSatisfying(
            fault -> {
              assertThat(fault.what()).isEqualTo(what);
              assertThat(fault.found()).isEqualTo(found);
            });
  }

  @Test
  void faultHasItsLine() {
    assertThat(TextTemplate.fault("hots\n\n{{host}}\n{{#hots}}{{/hots}}\n").orElseThrow().what())
        .isEqualTo("line 4 of the template: unknown name");
    assertThat(TextTemplate.fault("{{#rule}}\n{{host}}").orElseThrow().found())
        .isEqualTo("Section missing close tag 'rule' @ line 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{because}}", " {{endsAt}} ", "{{! nothing }}", "{{^host}}x{{/host}}"})
  void emptyOutput_isReplacedByTheDefault(String template) {
    Finding bare = SampleNotifications.labelled(Map.of()).alert().finding();
    assertThat(said(template, SampleNotifications.first("n1", bare))).isEqualTo("the usual");
    assertThat(TextTemplate.words(null, SampleNotifications.first(), "the usual"))
        .isEqualTo("the usual");
  }

  @Test
  void listInAListIsEmpty_andOutputIsBounded() {
    String all = "{{#alerts}}{{#alerts}}x{{/alerts}}{{description}}{{/alerts}}";
    assertThat(said(all, summary(2))).doesNotContain("x").isNotEqualTo("the usual");
    String large = "{{#alerts}}" + "{{description}}".repeat(270) + "{{/alerts}}";
    assertThat(large).hasSizeLessThanOrEqualTo(TextTemplate.MOST);
    assertThat(said(large, summary(200))).hasSize(64 * 1024);
  }

  /** Random templates (seed 611); every valid one renders every notification. */
  @Test
  void randomTemplate_isAFaultOrRendersAlways() {
    List<String> pieces = new ArrayList<>(TemplateFacts.NAMES);
    pieces.addAll(List.of("{{", "}}", "{{#", "{{/", "{{^", "{{{", "}}}", "{{&", "{{!", "{{>"));
    pieces.addAll(List.of("{{host}}", "{{#alerts}}", "{{/alerts}}", "{{^rule}}", "{{/rule}}"));
    pieces.addAll(
        List.of("{{=<% %>=}}", "<%", "%>", ".", "-first", "{{-last}}", "\n", " ", "\\", "$"));
    Random random = new Random(611);
    int taken = 0;
    for (int i = 0; i < 3_000; i++) {
      StringBuilder source = new StringBuilder();
      for (int piece = random.nextInt(8); piece >= 0; piece--) {
        source.append(pieces.get(random.nextInt(pieces.size())));
      }
      if (TextTemplate.fault(source.toString()).isEmpty()) {
        taken++;
        said(source.toString(), SampleNotifications.first());
        said(source.toString(), summary(2));
      }
    }
    assertThat(taken).isGreaterThan(100);
  }

  @Test
  void textOfTheHost_isNotATemplate() {
    Finding finding =
        SampleNotifications.finding(
                Severity.INFO, SampleNotifications.NPMP, SampleNotifications.hostile())
            .with(List.of("{{host}} {{{rule}}}"));
    assertThat(said("{{evidence}}", SampleNotifications.first("n1", finding)))
        .isEqualTo("{{host}} {{{rule}}}");
  }

  @Test
  void equalSources_areEqual() {
    TextTemplate one = TextTemplate.of("{{host}}");
    assertThat(one).isEqualTo(TextTemplate.of("{{host}}")).hasSameHashCodeAs("{{host}}");
    assertThat(one)
        .isNotEqualTo(TextTemplate.of("{{rule}}"))
        .hasToString("a template of 8 characters");
  }
}
