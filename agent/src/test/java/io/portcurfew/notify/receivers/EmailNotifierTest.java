package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.receivers.EmailSettings.Login;
import io.portcurfew.notify.receivers.EmailSettings.Security;
import jakarta.mail.internet.MimeMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests against an SMTP server in this process. */
@Timeout(60)
class EmailNotifierTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private EmailNotifier notifier(@Nullable Login login, Security security, String... to) {
    EmailSettings settings =
        new EmailSettings(
            InetSocketAddress.createUnresolved("127.0.0.1", server.getSmtp().getPort()),
            security,
            login,
            TrustedAuthorities.OF_THE_HOST,
            "portcurfew@web-1.example.org",
            List.of(to),
            EmailSettings.Wording.DEFAULT,
            LONG);
    return new EmailNotifier(
        "mail", settings, "portcurfew/1", InstantSource.fixed(SampleNotifications.NOON));
  }

  private EmailNotifier notifier() {
    return notifier(null, Security.NONE, "ops@example.org");
  }

  @Test
  void resolutionIsAReplyToTheFirstMail() throws Exception {
    EmailNotifier notifier = notifier();
    assertThat(notifier.deliver(SampleNotifications.first()))
        .isInstanceOf(Delivery.Delivered.class);
    assertThat(notifier.deliver(SampleNotifications.resolved()))
        .isInstanceOf(Delivery.Delivered.class);

    MimeMessage first = server.getReceivedMessages()[0];
    MimeMessage end = server.getReceivedMessages()[1];
    assertThat(first.getMessageID()).isEqualTo("<a-a1@web-1>");
    assertThat(first.getHeader("In-Reply-To")).isNull();
    assertThat(end.getMessageID()).isEqualTo("<n-n2@web-1>");
    assertThat(end.getHeader("In-Reply-To")).containsExactly("<a-a1@web-1>");
    assertThat(end.getHeader("References")).containsExactly("<a-a1@web-1>");
    assertThat(end.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(end.getSentDate()).isEqualTo(Date.from(SampleNotifications.NOON));
    assertThat(end.getSubject())
        .startsWith("web-1: RESOLVED npmp-gui: tcp 127.0.0.1:611 is closed again (open for 10 s)");
  }

  @Test
  void repeatIsTheSameMail() throws Exception {
    EmailNotifier notifier = notifier();
    notifier.deliver(SampleNotifications.resolved());
    notifier.deliver(SampleNotifications.resolved());
    MimeMessage[] both = server.getReceivedMessages();
    assertThat(both[0].getMessageID()).isEqualTo(both[1].getMessageID());
  }

  @Test
  void summaryRefersToItsAlerts() throws Exception {
    Notification summary =
        Notification.of(List.of(SampleNotifications.first(), SampleNotifications.resolved()));
    notifier().deliver(summary);
    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(mail.getHeader("References")).containsExactly("<a-a1@web-1>");
    assertThat(mail.getHeader("In-Reply-To")).isNull();
    assertThat(mail.getMessageID()).isEqualTo("<n-" + summary.id() + "@web-1>");
  }

  @Test
  void logsInWithNameAndPassword() throws Exception {
    server.setUser("ops@example.org", "ops", "pa55word");
    Login good = new Login("ops", Secret.of("pa55word".getBytes(UTF_8)));
    assertThat(
            notifier(good, Security.NONE, "ops@example.org").deliver(SampleNotifications.first()))
        .isInstanceOf(Delivery.Delivered.class);
    Login bad = new Login("ops", Secret.of("other-pa55".getBytes(UTF_8)));
    Delivery outcome =
        notifier(bad, Security.NONE, "ops@example.org").deliver(SampleNotifications.first());
    assertThat(outcome).isInstanceOf(Delivery.Retry.class);
    assertThat(outcome.toString())
        .contains("the server refused the login")
        .doesNotContain("other-pa55", "b3RoZXItcGE1NQ");
  }

  @Test
  void serverWithoutTls_getsNoMail() throws Exception {
    server.setUser("ops@example.org", "ops", "pa55word");
    Login login = new Login("ops", Secret.of("pa55word".getBytes(UTF_8)));
    assertThat(
            notifier(login, Security.STARTTLS, "ops@example.org")
                .deliver(SampleNotifications.first()))
        .isInstanceOf(Delivery.Retry.class);
    assertThat(
            notifier(login, Security.TLS, "ops@example.org").deliver(SampleNotifications.first()))
        .isInstanceOf(Delivery.Retry.class);
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void closedPort_isARetry() throws Exception {
    EmailNotifier notifier = notifier();
    server.stop();
    Delivery outcome = notifier.deliver(SampleNotifications.first());
    assertThat(outcome).isInstanceOf(Delivery.Retry.class);
    assertThat(((Delivery.Retry) outcome).why()).endsWith(": cannot connect: Connection refused");
  }

  @Test
  void textThatIsNotPlainOrLooksEncoded_isEncoded() {
    assertThat(MailMessage.encoded("plain")).isEqualTo("plain");
    assertThat(MailMessage.encoded("=?utf-8?Q?x?=")).isEqualTo("=?UTF-8?B?PT91dGYtOD9RP3g/PQ==?=");
    for (String line : MailMessage.encoded("\u00e9".repeat(200)).split("\r\n ", -1)) {
      assertThat(line).hasSizeLessThanOrEqualTo(75).startsWith("=?UTF-8?B?").endsWith("?=");
    }
    assertThat(MailMessage.domain("web-1")).isEqualTo("web-1");
    assertThat(MailMessage.domain("..web 1>\\x0d..")).matches("[A-Za-z0-9](.*[A-Za-z0-9])?");
    assertThat(MailMessage.domain("")).isEqualTo("localhost");
  }
}
