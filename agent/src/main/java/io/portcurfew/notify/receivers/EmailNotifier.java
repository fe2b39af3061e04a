package io.portcurfew.notify.receivers;

import io.portcurfew.notify.ConnectionFailures;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.TimeLimitedCall;
import io.portcurfew.notify.http.Redaction;
import io.portcurfew.notify.http.ServerAddresses;
import io.portcurfew.notify.receivers.EmailSettings.Login;
import io.portcurfew.notify.receivers.EmailSettings.Security;
import jakarta.mail.Authenticator;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/** Sends each notification to a mail server. TLS and the name of the server are verified. */
final class EmailNotifier implements Notifier {

  private final EmailSettings settings;
  private final String agent;
  private final InstantSource clock;
  private final TimeLimitedCall calls;
  private final SmtpReplies replies;

  /**
   * @param agent the name and version of this agent
   */
  EmailNotifier(String receiver, EmailSettings settings, String agent, InstantSource clock) {
    this.settings = settings;
    this.agent = agent;
    this.clock = clock;
    this.calls =
        new TimeLimitedCall(
            "portcurfew-mail-" + receiver, ServerAddresses.shown(settings.server()));
    this.replies = new SmtpReplies(calls, redaction(settings.login()));
  }

  /** Some servers repeat the login, which is Base64. */
  private static Redaction redaction(@Nullable Login login) {
    if (login == null) {
      return Redaction.of();
    }
    String password = login.password().text();
    String plain = "\0" + login.user() + "\0" + password;
    return Redaction.of(login.password(), base64(password), base64(plain));
  }

  private static Secret base64(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Secret.of(Base64.getEncoder().encode(bytes));
  }

  @Override
  public Delivery deliver(Notification notification) throws InterruptedException {
    return calls.run(new EmailAttempt(notification), settings.timeout());
  }

  /** One mail on its own connection. */
  private final class EmailAttempt implements TimeLimitedCall.Attempt {

    private final Notification notification;
    private volatile @Nullable Socket connection;

    EmailAttempt(Notification notification) {
      this.notification = notification;
    }

    @Override
    public Delivery run() {
      try (Socket plain = new Socket()) {
        connection = plain;
        return send(connected(plain));
      } catch (MessagingException failure) {
        return replies.of(failure);
      } catch (IOException failure) {
        return calls.retry(ConnectionFailures.why(failure));
      }
    }

    private Socket connected(Socket plain) throws IOException {
      String host = settings.server().getHostString();
      int port = settings.server().getPort();
      int millis = ServerAddresses.millis(settings.timeout());
      // With the configured name, by which the library checks the certificate.
      InetAddress address =
          InetAddress.getByAddress(host, InetAddress.getByName(host).getAddress());
      plain.setSoTimeout(millis);
      plain.connect(new InetSocketAddress(address, port), millis);
      return settings.security() == Security.TLS
          ? settings.authorities().secure(plain, host, port)
          : plain;
    }

    private Delivery send(Socket socket) throws MessagingException {
      Session session = session(notification.host());
      MailMessage mail = MailMessage.of(notification, settings, session, agent, clock.instant());
      try (SMTPTransport transport = (SMTPTransport) session.getTransport("smtp")) {
        transport.connect(socket);
        transport.sendMessage(mail, mail.getAllRecipients());
        return replies.accepted(transport.getLastServerResponse());
      }
    }

    @Override
    public void cancel() {
      ServerAddresses.close(connection);
    }
  }

  private Session session(String host) {
    Properties properties = new Properties();
    properties.put("mail.smtp.localhost", MailMessage.domain(host));
    properties.put("mail.smtp.from", settings.from());
    // One wrong address must not stop the mail to the others.
    properties.put("mail.smtp.sendpartial", "true");
    properties.put("mail.smtp.quitwait", "false");
    boolean starttls = settings.security() == Security.STARTTLS;
    properties.put("mail.smtp.starttls.enable", Boolean.toString(starttls));
    properties.put("mail.smtp.starttls.required", Boolean.toString(starttls));
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    properties.put("mail.smtp.ssl.socketFactory", settings.authorities().sockets());
    Login login = settings.login();
    if (login == null) {
      return Session.getInstance(properties);
    }
    properties.put("mail.smtp.auth", "true");
    properties.put("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
    properties.put("mail.smtp.user", login.user());
    return Session.getInstance(properties, authenticator(login));
  }

  private static Authenticator authenticator(Login login) {
    return new Authenticator() {
      @Override
      protected PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication(login.user(), login.password().text());
      }
    };
  }
}
