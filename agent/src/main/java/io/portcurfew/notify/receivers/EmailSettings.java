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
 * How mail is sent, from whom and to whom.
 *
 * @param server its name or address, and its port; not looked up yet
 * @param login {@code null} where the server wants none
 * @param authorities who vouches for the server
 * @param from an address
 * @param to addresses; one at least
 * @param wording what its mails say
 * @param timeout for one attempt
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

  /** What keeps the connection secret. */
  public enum Security {
    /**
     * It begins in plain text; a server that does not go on with TLS is told nothing (RFC 3207).
     */
    STARTTLS,
    /** TLS from the first byte (RFC 8314). */
    TLS,
    /** Nothing. */
    NONE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in the config. */
    public String label() {
      return label;
    }
  }

  /**
   * What mails say.
   *
   * @param subject {@code null} for the usual one
   * @param text all of the mail; {@code null} for the usual one, which is HTML too
   */
  public record Wording(@Nullable TextTemplate subject, @Nullable TextTemplate text) {

    /** As mails usually are. */
    public static final Wording USUAL = new Wording(null, null);
  }

  /** Who we are to the server. */
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
