package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.ServerAddresses;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.TextTemplate;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an email receiver.
 *
 * @param server name or address and port, unresolved
 * @param login the login; {@code null} without one
 * @param authorities the certificate authorities to trust
 * @param from the sender's address
 * @param to the recipients' addresses, at least one
 * @param wording the operator's texts
 * @param timeout the limit of one attempt
 */
public record EmailSettings(
    InetSocketAddress server,
    Security security,
    @Nullable Login login,
    TrustedAuthorities authorities,
    String from,
    List<String> to,
    Wording wording,
    Duration timeout)
    implements ReceiverSettings {

  /** The encryption of the connection. */
  public enum Security {
    /** Starts in plain text and continues with TLS; a server without it gets no mail (RFC 3207). */
    STARTTLS,
    /** TLS from the first byte (RFC 8314). */
    TLS,
    /** No encryption. */
    NONE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in the config. */
    public String label() {
      return label;
    }
  }

  /**
   * The texts of a mail.
   *
   * @param subject the subject; {@code null} for the default
   * @param text the whole text; {@code null} for the default, which has an HTML part
   */
  public record Wording(@Nullable TextTemplate subject, @Nullable TextTemplate text) {

    /** The default texts. */
    public static final Wording DEFAULT = new Wording(null, null);
  }

  /** The login at the mail server. */
  public record Login(String user, Secret password) {}

  public EmailSettings {
    to = List.copyOf(to);
  }

  @Override
  public String kind() {
    return "email";
  }

  @Override
  public List<URI> servers() {
    return List.of(ServerAddresses.uri(security == Security.TLS ? "smtps" : "smtp", server));
  }
}
