package io.portcurfew.notify.receivers;

import io.portcurfew.notify.ConnectionFailures;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.TimeLimitedCall;
import io.portcurfew.notify.http.ServerAddresses;
import io.portcurfew.notify.message.CefLine;
import io.portcurfew.notify.message.MessageForm;
import io.portcurfew.notify.receivers.SyslogSettings.SyslogTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Sends each notification to a syslog server.
 *
 * <p>Syslog has no answers. Over TCP and TLS each message has its own connection, which this side
 * closes first: when the server closes its side, it has read the message. A message that the server
 * has read and not yet written is lost if it crashes. Over UDP only a closed port is noticed, and
 * only if the host of the server reports it at once.
 */
final class SyslogNotifier implements Notifier {

  /** The size that receivers should accept over UDP (RFC 5424, 6.1). */
  private static final int MOST_UDP = 2048;

  /**
   * The size that receivers should accept over TLS (RFC 5425, 4.3.1), less a margin for what some
   * add.
   */
  private static final int MOST_STREAM = 8000;

  /** The time within which a host reports a closed port. */
  private static final int UNREACHABLE_MILLIS = 100;

  private final SyslogSettings settings;
  private final String version;
  private final InstantSource clock;
  private final TimeLimitedCall calls;

  /**
   * @param version the version of this agent
   */
  SyslogNotifier(String receiver, SyslogSettings settings, String version, InstantSource clock) {
    this.settings = settings;
    this.version = version;
    this.clock = clock;
    this.calls = new TimeLimitedCall("portcurfew-syslog-" + receiver, where(settings));
  }

  private static String where(SyslogSettings settings) {
    return ServerAddresses.shown(settings.server()) + "/" + settings.transport().label();
  }

  @Override
  public Delivery deliver(Notification notification) throws InterruptedException {
    int most = settings.transport() == SyslogTransport.UDP ? MOST_UDP : MOST_STREAM;
    return calls.run(new SyslogAttempt(message(notification, most)), settings.timeout());
  }

  private byte[] message(Notification notification, int most) {
    if (settings.form() == MessageForm.CEF) {
      String line = CefLine.of(notification, version);
      return SyslogLine.plain(notification, line, settings.facility(), clock.instant(), most);
    }
    String line = SyslogLine.words(notification, settings.message());
    return SyslogLine.of(notification, line, settings.facility(), clock.instant(), most);
  }

  /** One message. */
  private final class SyslogAttempt implements TimeLimitedCall.Attempt {

    private final byte[] message;
    private volatile @Nullable Socket connection;

    SyslogAttempt(byte[] message) {
      this.message = message;
    }

    @Override
    public Delivery run() {
      try {
        return settings.transport() == SyslogTransport.UDP ? overUdp() : overTcp();
      } catch (IOException failure) {
        return calls.retry(ConnectionFailures.why(failure));
      }
    }

    private Delivery overUdp() throws IOException {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(ServerAddresses.resolved(settings.server()));
        socket.send(new DatagramPacket(message, message.length));
        socket.setSoTimeout(UNREACHABLE_MILLIS);
        socket.receive(new DatagramPacket(new byte[1], 1));
      } catch (SocketTimeoutException silence) {
        // The expected case: UDP has no answer.
      }
      return new Delivery.Delivered(message.length + " bytes sent; UDP does not confirm delivery");
    }

    private Delivery overTcp() throws IOException {
      try (Socket plain = new Socket()) {
        connection = plain;
        int millis = ServerAddresses.millis(settings.timeout());
        plain.setSoTimeout(millis);
        plain.connect(ServerAddresses.resolved(settings.server()), millis);
        if (settings.transport() == SyslogTransport.TCP) {
          return exchange(plain);
        }
        String host = settings.server().getHostString();
        return exchange(settings.authorities().secure(plain, host, settings.server().getPort()));
      }
    }

    /** A frame is the length, a space and the message (RFC 6587, 3.4.1; RFC 5425, 4.3). */
    private Delivery exchange(Socket socket) throws IOException {
      OutputStream out = socket.getOutputStream();
      byte[] length = (message.length + " ").getBytes(StandardCharsets.US_ASCII);
      byte[] frame = new byte[length.length + message.length];
      System.arraycopy(length, 0, frame, 0, length.length);
      System.arraycopy(message, 0, frame, length.length, message.length);
      out.write(frame);
      out.flush();
      socket.shutdownOutput();
      awaitClose(socket.getInputStream());
      return new Delivery.Delivered(
          message.length + " bytes sent; the server read them and closed");
    }

    private static void awaitClose(InputStream in) throws IOException {
      byte[] ignored = new byte[1024];
      int read = 0;
      while (read >= 0) {
        read = in.read(ignored);
      }
    }

    @Override
    public void cancel() {
      ServerAddresses.close(connection);
    }
  }
}
