package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.notify.message.MessageForm;
import io.portcurfew.notify.receivers.SyslogSettings.SyslogTransport;
import io.portcurfew.system.Peer;
import io.portcurfew.system.Requirement;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests against a real rsyslog: its file holds exactly the messages sent. */
@Timeout(1200)
class SyslogIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @BeforeAll
  static void needs() {
    Requirement.program("rsyslogd");
    Requirement.program("openssl");
    Requirement.that(
        Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so"))
            || Files.exists(Path.of("/usr/lib/aarch64-linux-gnu/rsyslog/lmnsd_gtls.so")),
        "rsyslog-gnutls");
  }

  private Peer rsyslog(int udp, int tcp, int tls) throws Exception {
    Path certificate = Peer.certificate(folder);
    Path config =
        Files.writeString(
            folder.resolve("rsyslog.conf"),
            """
            global(workDirectory="%1$s" maxMessageSize="16k"
              defaultNetstreamDriverCAFile="%2$s" defaultNetstreamDriverCertFile="%2$s"
              defaultNetstreamDriverKeyFile="%1$s/key.pem")
            module(load="imudp")
            module(load="imtcp")
            template(name="raw" type="string" string="%%rawmsg%%\\n")
            ruleset(name="all") { action(type="omfile" file="%1$s/messages" template="raw") }
            input(type="imudp" address="127.0.0.1" port="%3$d" ruleset="all")
            input(type="imtcp" address="127.0.0.1" port="%4$d" ruleset="all"
              streamDriver.name="ptcp" streamDriver.mode="0")
            input(type="imtcp" address="127.0.0.1" port="%5$d" ruleset="all"
              streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
            """
                .formatted(folder, certificate, udp, tcp, tls));
    Peer peer =
        Peer.start(
            folder.resolve("log"),
            "rsyslogd",
            "-n",
            "-f",
            config.toString(),
            "-i",
            folder.resolve("pid").toString());
    peer.untilItListens(tcp);
    peer.untilItListens(tls);
    return peer;
  }

  private List<String> messages() throws IOException {
    return Peer.wholeLines(folder.resolve("messages"));
  }

  private static SyslogNotifier notifier(
      String host, int port, SyslogTransport transport, TrustedAuthorities authorities) {
    InetSocketAddress server = InetSocketAddress.createUnresolved(host, port);
    SyslogSettings settings =
        new SyslogSettings(server, transport, 3, authorities, MessageForm.USUAL, null, LONG);
    return new SyslogNotifier(
        "logs", settings, "1.2.3", InstantSource.fixed(SampleNotifications.NOON));
  }

  private TrustedAuthorities authorities() throws Exception {
    return TestAuthorities.by(folder.resolve("cert.pem"));
  }

  @Test
  void fileHoldsExactlyTheMessages() throws Exception {
    int udp = Peer.freePort();
    int tcp = Peer.freePort();
    int tls = Peer.freePort();
    List<Notification> all = HostileNames.notifications(300, 611);
    try (Peer rsyslog = rsyslog(udp, tcp, tls)) {
      List<SyslogNotifier> ways =
          List.of(
              notifier("127.0.0.1", udp, SyslogTransport.UDP, TrustedAuthorities.OF_THE_HOST),
              notifier("localhost", tcp, SyslogTransport.TCP, TrustedAuthorities.OF_THE_HOST),
              notifier("localhost", tls, SyslogTransport.TLS, authorities()));
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        // One datagram in ten: each waits for an ICMP error.
        int way = i % 10 == 0 ? 0 : i % 2 + 1;
        assertThat(ways.get(way).deliver(all.get(i)))
            .as("%s", rsyslog)
            .isInstanceOf(Delivery.Delivered.class);
        expected.add(all.get(i).id());
      }
      Peer.until("all are written", () -> messages().size() >= all.size());
      assertThat(messages())
          .extracting(line -> Rfc5424.of(line.getBytes(UTF_8)))
          .extracting(message -> message.data().get(SyslogLine.ID).get("id"))
          .containsExactlyInAnyOrderElementsOf(expected);
      List<String> lines = all.stream().map(AlertText::line).toList();
      assertThat(messages())
          .allMatch(
              line -> {
                String text = Rfc5424.of(line.getBytes(UTF_8)).text();
                return lines.stream().anyMatch(whole -> whole.startsWith(text));
              });
    }
  }

  @Test
  void untrustedServer_getsNoMessage() throws Exception {
    int tls = Peer.freePort();
    try (Peer rsyslog = rsyslog(Peer.freePort(), Peer.freePort(), tls)) {
      Delivery unknown =
          notifier("localhost", tls, SyslogTransport.TLS, TrustedAuthorities.OF_THE_HOST)
              .deliver(SampleNotifications.first());
      Delivery otherName =
          notifier("127.0.0.1", tls, SyslogTransport.TLS, authorities())
              .deliver(SampleNotifications.first());
      assertThat(unknown.toString()).contains("TLS failed: ").doesNotContain("Delivered");
      assertThat(otherName.toString()).contains("TLS failed: ").doesNotContain("Delivered");
      assertThat(
              notifier("localhost", tls, SyslogTransport.TLS, authorities())
                  .deliver(SampleNotifications.first()))
          .as("%s", rsyslog)
          .isInstanceOf(Delivery.Delivered.class);
      Peer.until("one is written", () -> !messages().isEmpty());
      assertThat(messages()).hasSize(1);
    }
  }
}
