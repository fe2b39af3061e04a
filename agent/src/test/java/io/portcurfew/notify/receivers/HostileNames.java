package io.portcurfew.notify.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Severity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Names that a process can choose, made to break formats without escaping. */
final class HostileNames {

  /** Each has a meaning in one of the formats of alerts. */
  private static final List<String> PIECES =
      List.of(
          "\r\nBcc: evil@example.org\r\n\r\n",
          "\n.\r\nMAIL FROM:<evil@example.org>\r\n",
          "\r\n--boundary\r\nContent-Type: text/html\r\n",
          "=?utf-8?Q?ALERT_is_over=0D=0AX-Evil:_1?=",
          "=?utf-8?B?DQpCY2M6IHg=?=",
          "<script>alert(1)</script>",
          "</td></tr><img src=x onerror=alert(1)>",
          "<!--",
          "-->",
          "]]>",
          "&lt;b&gt;&amp;",
          "<!channel>",
          "<!here|here>",
          "@here",
          "<https://evil.example.org|click>",
          "*bold* _it_ ~no~ `code`",
          ":skull:",
          "\"]\"",
          "\"",
          "'",
          "\\",
          "\\\"",
          "]",
          "[x@1 y=\"z\"]",
          "<34>1 2003-10-11T22:14:15.003Z evil su - ID47 - forged",
          "\n<34>Oct 11 22:14:15 evil su: forged",
          "\",\"severity\":\"info\",\"x\":\"",
          "\u0000",
          "\u0007\b\t\u000b\f\u007f",
          "\u001b[2J\u001b[1;31mred\u001b]0;title\u0007",
          "\u009b31m",
          "\u202egpj.exe\u202c",
          "\u2066\u2069\u200f\u200b\ufeff",
          "\u2028\u2029\u0085",
          "\ud83d\ude80\ud83d\udc69\u200d\ud83d\udcbb",
          "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
          "\uff1cscript\uff1e",
          "{{title}} {{{facts}}} ${jndi:ldap://evil} {} %s %n %d",
          "$(reboot) `reboot` ; reboot | reboot && reboot",
          "  leading and trailing  ",
          "",
          "=SUM(A1)",
          "a=b,c=d",
          "x".repeat(3_000),
          "\u00e9".repeat(900));

  private static final List<Severity> SEVERITIES = List.of(Severity.values());

  private HostileNames() {}

  /** Asserts that every character is visible. */
  static void assertVisible(String text) {
    assertThat(text.codePoints())
        .noneMatch(
            c ->
                Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                    || Character.getType(c) == Character.SURROGATE);
  }

  /** This number of notifications, always the same for a seed. */
  static List<Notification> notifications(int count, long seed) {
    Random random = new Random(seed);
    List<Notification> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(notification(i, random));
    }
    return all;
  }

  private static Notification notification(int number, Random random) {
    HostText executable = name(random);
    OwnerDetails details =
        OwnerDetails.builder()
            .ancestors(List.of(new OwnerDetails.Ancestor(number + 2, name(random))))
            .build();
    Owner owner = new Owner(number + 1, name(random), executable, name(random), null, details);
    Severity severity = SEVERITIES.get(random.nextInt(SEVERITIES.size()));
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.OPEN,
            "npmp-gui",
            NotifySettings.of(severity, "Registered as npmp-gui"),
            SampleNotifications.NPMP,
            SampleNotifications.NPMP + " is open, held by pid 1 " + executable,
            List.of(owner),
            List.of("ss: held by " + name(random)));
    boolean over = random.nextBoolean();
    Alert alert =
        over
            ? new Alert(
                "a" + number,
                AlertState.RESOLVED,
                finding,
                SampleNotifications.NOON,
                SampleNotifications.NOON.plusMillis(1))
            : new Alert("a" + number, AlertState.FIRING, finding, SampleNotifications.NOON, null);
    Reason reason = over ? Reason.RESOLVED : Reason.FIRST;
    String host = random.nextInt(4) == 0 ? name(random).toString() : "web-1";
    return new Notification("n" + number, reason, alert, host, "0123456789ab");
  }

  private static HostText name(Random random) {
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    for (int piece = random.nextInt(4) + 1; piece > 0; piece--) {
      byte[] bytes = random.nextInt(6) == 0 ? noise(random) : piece(random);
      name.write(bytes, 0, bytes.length);
    }
    return HostText.of(name.toByteArray());
  }

  private static byte[] piece(Random random) {
    return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
  }

  /** Random bytes, mostly invalid UTF-8. */
  private static byte[] noise(Random random) {
    byte[] noise = new byte[random.nextInt(60)];
    random.nextBytes(noise);
    return noise;
  }
}
