package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.receivers.EmailSettings.Login;
import io.portcurfew.notify.receivers.EmailSettings.Security;
import io.portcurfew.system.Peer;
import io.portcurfew.system.Requirement;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests against a real Exim, which requires TLS and a login. */
@Timeout(1200)
class MailMessageIT {

  @TempDir private Path folder;

  @BeforeAll
  static void needs() {
    Requirement.root();
    Requirement.program("exim4");
    Requirement.program("openssl");
  }

  private Peer exim(int starttls, int tls) throws Exception {
    Peer.readable(folder);
    Peer.certificate(folder);
    for (String name : List.of("spool", "log", "maildir")) {
      Peer.readable(Files.createDirectory(folder.resolve(name)));
    }
    Path config =
        Files.writeString(
            folder.resolve("exim.conf"),
            """
            primary_hostname = localhost
            spool_directory = @/spool
            log_file_path = @/log/%slog
            local_interfaces = <; 127.0.0.1.PLAIN ; 127.0.0.1.SECURE
            tls_on_connect_ports = SECURE
            tls_advertise_hosts = *
            tls_certificate = @/cert.pem
            tls_privatekey = @/key.pem
            auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
            acl_smtp_rcpt = rcpt
            host_lookup =
            rfc1413_hosts =
            keep_environment =
            begin acl
            rcpt:
              deny local_parts = gone
                message = no such user
              accept authenticated = *
              deny message = relay not permitted
            begin routers
            all:
              driver = accept
              transport = box
            begin transports
            box:
              driver = appendfile
              directory = @/maildir
              maildir_format
              create_directory
              user = Debian-exim
              group = Debian-exim
            begin authenticators
            plain:
              driver = plaintext
              public_name = PLAIN
              server_condition = ${if and{{eq{$auth2}{ops}}{eq{$auth3}{pa55word}}}}
              server_set_id = $auth2
            """
                .replace("@", folder.toString())
                .replace("PLAIN ;", starttls + " ;")
                .replace("SECURE", Integer.toString(tls)));
    Peer peer =
        Peer.start(
            folder.resolve("printed"),
            "exim4",
            "-bdf",
            "-C",
            config.toString(),
            "-oP",
            folder.resolve("pid").toString());
    peer.untilItListens(starttls);
    return peer;
  }

  private EmailNotifier notifier(
      String host, int port, Security security, String password, String... to) throws Exception {
    TrustedAuthorities authorities = TestAuthorities.by(folder.resolve("cert.pem"));
    return notifier(host, port, security, password, authorities, to);
  }

  private static EmailNotifier notifier(
      String host,
      int port,
      Security security,
      String password,
      TrustedAuthorities authorities,
      String... to) {
    EmailSettings settings =
        new EmailSettings(
            InetSocketAddress.createUnresolved(host, port),
            security,
            new Login("ops", Secret.of(password.getBytes(UTF_8))),
            authorities,
            "portcurfew@web-1.example.org",
            List.of(to),
            EmailSettings.Wording.DEFAULT,
            Duration.ofSeconds(60));
    return new EmailNotifier(
        "mail", settings, "portcurfew/1", InstantSource.fixed(SampleNotifications.NOON));
  }

  /** Exim's own processes deliver mails: they end after this line and write no file then. */
  private void untilDelivered(int count) throws Exception {
    Path log = folder.resolve("log/mainlog");
    Peer.until(
        count + " mails are delivered",
        () ->
            Peer.wholeLines(log).stream().filter(line -> line.endsWith(" Completed")).count()
                == count);
    assertThat(mails()).hasSize(count);
  }

  private List<MimeMessage> mails() throws Exception {
    Path box = folder.resolve("maildir/new");
    if (!Files.exists(box)) {
      return List.of();
    }
    List<MimeMessage> mails = new ArrayList<>();
    try (Stream<Path> files = Files.list(box)) {
      for (Path file : files.toList()) {
        mails.add(read(file));
      }
    }
    return mails;
  }

  private static MimeMessage read(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return new MimeMessage(Session.getInstance(new Properties()), in);
    }
  }

  @Test
  void mailIsDeliveredByBothKindsOfTls() throws Exception {
    int starttls = Peer.freePort();
    int tls = Peer.freePort();
    try (Peer exim = exim(starttls, tls)) {
      Delivery first =
          notifier("localhost", starttls, Security.STARTTLS, "pa55word", "ops@example.org")
              .deliver(SampleNotifications.first());
      assertThat(first).as("%s", exim).isInstanceOf(Delivery.Delivered.class);
      assertThat(((Delivery.Delivered) first).answer()).startsWith("250 OK id=");
      assertThat(
              notifier("localhost", tls, Security.TLS, "pa55word", "gone@example.org", "a@b.org")
                  .deliver(SampleNotifications.resolved())
                  .toString())
          .contains("Delivered", "delivered to some of the addresses", "no such user");
      untilDelivered(2);
      assertThat(mails())
          .extracting(MimeMessage::getMessageID)
          .containsExactlyInAnyOrder("<a-a1@web-1>", "<n-n2@web-1>");
      assertRefusals(starttls, tls);
      assertThat(mails()).hasSize(2);
    }
  }

  private void assertRefusals(int starttls, int tls) throws Exception {
    String to = "ops@example.org";
    Delivery wrongPassword =
        notifier("localhost", starttls, Security.STARTTLS, "wrong-pa55", to)
            .deliver(SampleNotifications.first());
    assertThat(wrongPassword.toString())
        .contains("Retry", "the server refused the login")
        .doesNotContain("wrong-pa55");
    for (Security security : List.of(Security.STARTTLS, Security.TLS)) {
      int port = security == Security.TLS ? tls : starttls;
      assertThat(
              notifier("127.0.0.1", port, security, "pa55word", to)
                  .deliver(SampleNotifications.first()))
          .as("another name, %s", security)
          .isInstanceOf(Delivery.Retry.class);
      assertThat(
              notifier("localhost", port, security, "pa55word", TrustedAuthorities.OF_THE_HOST, to)
                  .deliver(SampleNotifications.first())
                  .toString())
          .as("unknown authority, %s", security)
          .contains("Retry", "TLS failed");
    }
    Delivery nobody =
        notifier("localhost", starttls, Security.STARTTLS, "pa55word", "gone@example.org")
            .deliver(SampleNotifications.first());
    assertThat(nobody).isInstanceOf(Delivery.Refused.class);
  }

  @Test
  void hostileNamesArriveUnchanged() throws Exception {
    int starttls = Peer.freePort();
    try (Peer exim = exim(starttls, Peer.freePort())) {
      EmailNotifier notifier =
          notifier("localhost", starttls, Security.STARTTLS, "pa55word", "ops@example.org");
      List<Notification> all = HostileNames.notifications(25, 612);
      for (Notification one : all) {
        assertThat(notifier.deliver(one)).as("%s", exim).isInstanceOf(Delivery.Delivered.class);
      }
      untilDelivered(all.size());
      List<String> ids = new ArrayList<>();
      for (MimeMessage mail : mails()) {
        ids.add(mail.getHeader("X-Portcurfew-Id", null));
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getHeader("X-Evil")).isNull();
      }
      assertThat(ids)
          .containsExactlyInAnyOrderElementsOf(all.stream().map(Notification::id).toList());
    }
  }
}
