package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.receivers.EmailSettings.Security;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests against a server with scripted replies. */
@Timeout(60)
class SmtpRepliesTest {

  private static Delivery deliver(UnaryOperator<String> answers, Duration timeout, String... to)
      throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> serve(server, answers), "smtp server");
      thread.start();
      EmailSettings settings =
          new EmailSettings(
              InetSocketAddress.createUnresolved("127.0.0.1", server.getLocalPort()),
              Security.NONE,
              null,
              TrustedAuthorities.OF_THE_HOST,
              "portcurfew@example.org",
              List.of(to),
              EmailSettings.Wording.DEFAULT,
              timeout);
      return new EmailNotifier(
              "mail", settings, "portcurfew/1", InstantSource.fixed(SampleNotifications.NOON))
          .deliver(SampleNotifications.first());
    }
  }

  private static void serve(ServerSocket server, UnaryOperator<String> answers) {
    try (Socket client = server.accept();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII))) {
      OutputStream out = client.getOutputStream();
      out.write("220 ready\r\n".getBytes(US_ASCII));
      boolean data = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (data && !line.equals(".")) {
          continue;
        }
        String answer = answers.apply(line);
        data = answer.startsWith("354");
        out.write((answer + "\r\n").getBytes(US_ASCII));
      }
    } catch (IOException closed) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(closed);
      }
    }
  }

  private static UnaryOperator<String> but(String command, String answer) {
    return line -> {
      if (line.startsWith(command)) {
        return answer;
      }
      return line.equals("DATA") ? "354 go on" : "250 fine";
    };
  }

  @ParameterizedTest
  @CsvSource({
    "MAIL,550 no such sender,Refused",
    "MAIL,451 later,Retry",
    "RCPT,550 no such user,Refused",
    "RCPT,450 greylisted,Retry",
    "DATA,554 no,Refused",
    "DATA,421 closing,Retry",
    ".,552 too large,Refused",
    ".,452 full,Retry",
    ".,250 queued as 1234,Delivered"
  })
  void permanentRefusal_isNotRetried(String command, String answer, String outcome)
      throws Exception {
    Delivery delivery = deliver(but(command, answer), Duration.ofSeconds(20), "ops@example.org");
    assertThat(delivery.getClass().getSimpleName()).as("%s", delivery).isEqualTo(outcome);
  }

  @Test
  void oneRefusedAddress_doesNotStopTheOthers() throws Exception {
    Delivery delivery =
        deliver(
            but("RCPT TO:<gone@", "550 no such user"),
            Duration.ofSeconds(20),
            "gone@example.org",
            "ops@example.org");
    assertThat(delivery).isInstanceOf(Delivery.Delivered.class);
    assertThat(delivery.toString()).contains("delivered to some of the addresses").contains("550");
  }

  @Test
  void hangingServer_endsWithTheTimeLimit() throws Exception {
    Delivery delivery =
        deliver(
            line -> {
              try {
                Thread.currentThread().join(20_000);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return "250 late";
            },
            Duration.ofMillis(300),
            "ops@example.org");
    assertThat(delivery).isInstanceOf(Delivery.Retry.class);
  }
}
