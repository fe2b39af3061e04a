package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.notify.message.MessageForm;
import io.portcurfew.notify.receivers.SyslogSettings.SyslogTransport;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests against real sockets. */
@Timeout(60)
class SyslogNotifierTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private static SyslogNotifier notifier(int port, SyslogTransport transport, Duration timeout) {
    InetSocketAddress server = InetSocketAddress.createUnresolved("127.0.0.1", port);
    SyslogSettings settings =
        new SyslogSettings(
            server,
            transport,
            16,
            TrustedAuthorities.OF_THE_HOST,
            MessageForm.USUAL,
            null,
            timeout);
    return new SyslogNotifier(
        "logs", settings, "1.2.3", InstantSource.fixed(SampleNotifications.NOON));
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(task, "syslog server").start();
    return task;
  }

  @Test
  void tcpMessageHasItsLengthAndWasRead() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      FutureTask<byte[]> read =
          start(
              () -> {
                try (Socket client = server.accept()) {
                  return client.getInputStream().readAllBytes();
                }
              });
      Delivery outcome =
          notifier(server.getLocalPort(), SyslogTransport.TCP, LONG)
              .deliver(SampleNotifications.resolved());
      assertThat(outcome).isInstanceOf(Delivery.Delivered.class);
      Rfc5424 message = Rfc5424.of(unframed(read.get()));
      assertThat(message.priority()).isEqualTo(16 * 8 + 5);
      assertThat(message.header())
          .containsExactly("2026-11-23T12:00:00.000Z", "web-1", "portcurfew", "-", "RESOLVED");
      assertThat(message.data().get(SyslogLine.ID))
          .containsEntry("rule", "npmp-gui")
          .containsEntry("port", "611")
          .containsEntry("endsAt", "2026-11-23T12:00:10.250Z");
      assertThat(message.text()).isEqualTo(AlertText.line(SampleNotifications.resolved()));
    }
  }

  private static byte[] unframed(byte[] frame) {
    int space = new String(frame, US_ASCII).indexOf(' ');
    assertThat(Integer.parseInt(new String(frame, 0, space, US_ASCII)))
        .isEqualTo(frame.length - space - 1);
    return Arrays.copyOfRange(frame, space + 1, frame.length);
  }

  @Test
  void tcpServerThatReadsNothing_isARetry() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Delivery outcome =
          notifier(server.getLocalPort(), SyslogTransport.TCP, Duration.ofMillis(300))
              .deliver(SampleNotifications.first());
      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
    }
  }

  @Test
  void tcpServerThatEndsEarly_isARetry() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      FutureTask<Void> dies =
          start(
              () -> {
                try (Socket client = server.accept()) {
                  InputStream in = client.getInputStream();
                  assertThat(in.read()).isPositive();
                  client.setSoLinger(true, 0);
                  return null;
                }
              });
      Delivery outcome =
          notifier(server.getLocalPort(), SyslogTransport.TCP, LONG)
              .deliver(SampleNotifications.first());
      dies.get();
      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
    }
  }

  @Test
  void closedPort_isARetryAlsoOverUdp() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(notifier(free, SyslogTransport.TCP, LONG).deliver(SampleNotifications.first()))
        .isEqualTo(
            new Delivery.Retry(
                "127.0.0.1:" + free + "/tcp: cannot connect: Connection refused", null));
    assertThat(notifier(free, SyslogTransport.UDP, LONG).deliver(SampleNotifications.first()))
        .isEqualTo(
            new Delivery.Retry(
                "127.0.0.1:" + free + "/udp: connection refused: no process listens on this port",
                null));
  }

  @Test
  void udpMessageIsOneDatagram() throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      assertThat(
              notifier(server.getLocalPort(), SyslogTransport.UDP, LONG)
                  .deliver(SampleNotifications.first()))
          .isInstanceOf(Delivery.Delivered.class);
      DatagramPacket packet = new DatagramPacket(new byte[65_000], 65_000);
      server.receive(packet);
      Rfc5424 message = Rfc5424.of(Arrays.copyOf(packet.getData(), packet.getLength()));
      assertThat(message.priority()).isEqualTo(16 * 8 + 2);
      assertThat(message.text()).isEqualTo(AlertText.line(SampleNotifications.first()));
    }
  }

  @Test
  void serverWithoutTls_isARetry() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      FutureTask<byte[]> plain =
          start(
              () -> {
                try (Socket client = server.accept()) {
                  client.getOutputStream().write("hello\n".getBytes(US_ASCII));
                  return client.getInputStream().readNBytes(5);
                }
              });
      Delivery outcome =
          notifier(server.getLocalPort(), SyslogTransport.TLS, LONG)
              .deliver(SampleNotifications.first());
      assertThat(plain.get()).as("the start of a handshake").startsWith(0x16, 0x03);
      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
      assertThat(((Delivery.Retry) outcome).why()).contains("/tls: TLS failed: ");
    }
  }
}
