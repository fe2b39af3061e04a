package io.portcurfew.notify.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.notify.receivers.EmailSettings.Security;
import jakarta.mail.Header;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/** Writes mails and reads them back. */
final class Mails {

  private Mails() {}

  /** Writes a mail and reads it back without a server. */
  static MimeMessage parsed(Notification one, EmailSettings settings) throws Exception {
    Session session = Session.getInstance(new Properties());
    ByteArrayOutputStream mail = new ByteArrayOutputStream();
    MailMessage.of(one, settings, session, "portcurfew/1", SampleNotifications.NOON).writeTo(mail);
    return new MimeMessage(session, new ByteArrayInputStream(mail.toByteArray()));
  }

  /** Settings of a server on this host without TLS. */
  static EmailSettings settings(int port, EmailSettings.Wording wording) {
    return new EmailSettings(
        InetSocketAddress.createUnresolved("127.0.0.1", port),
        Security.NONE,
        null,
        TrustedAuthorities.OF_THE_HOST,
        "portcurfew@web-1.example.org",
        List.of("ops@example.org"),
        wording,
        Duration.ofSeconds(20));
  }

  /** Asserts the headers of a mail, each once and in ASCII, and its subject. */
  static void assertHeaders(MimeMessage read, String words) throws Exception {
    TreeSet<String> names = new TreeSet<>();
    for (Header header : Collections.list(read.getAllHeaders())) {
      assertThat(names.add(header.getName())).as("%s comes once", header.getName()).isTrue();
      assertThat(header.getValue().replaceAll("\r\n[ \t]", "")).matches("[ -~]*");
    }
    // Headers of replies, of the server, and of a mail of one part.
    names.removeAll(
        List.of(
            "In-Reply-To", "References", "Return-Path", "Received", "Content-Transfer-Encoding"));
    assertThat(names)
        .containsExactly(
            "Auto-Submitted",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To",
            "X-Auto-Response-Suppress",
            "X-Mailer",
            "X-Portcurfew-Id");
    // RFC 5322, 2.2.3; MimeUtility.unfold keeps a line end behind a backslash.
    String unfolded = read.getHeader("Subject", null).replaceAll("\r\n(?=[ \t])", "");
    String subject = MimeUtility.decodeText(unfolded);
    assertThat(subject).isEqualTo(AlertText.cut(words, 160));
    assertThat(read.getAllRecipients())
        .extracting(Object::toString)
        .containsExactly("ops@example.org");
  }
}
