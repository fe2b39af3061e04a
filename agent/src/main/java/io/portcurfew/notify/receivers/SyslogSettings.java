package io.portcurfew.notify.receivers;

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
 * A syslog server.
 *
 * @param server its name or address, and its port; not looked up yet
 * @param facility 0 to 23 (RFC 5424, 6.2.1)
 * @param authorities who vouches for it, where it is told by TLS
 * @param message what it is told instead of the usual line
 * @param timeout for one attempt
 */
public record SyslogSettings(
    InetSocketAddress server,
    Transport transport,
    int facility,
    TrustedAuthorities authorities,
    @Nullable TextTemplate message,
    Duration timeout)
    implements ReceiverSettings {

  /** How the messages travel. */
  public enum Transport {
    /** RFC 5426: one datagram each, and nobody says whether it came. */
    UDP,
    /** RFC 6587 with octet counting. */
    TCP,
    /** RFC 5425. */
    TLS;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in the config. */
    public String label() {
      return label;
    }
  }

  @Override
  public String kind() {
    return "syslog";
  }

  /** Where nobody answers, as with UDP, there is none that could be tried. */
  @Override
  public List<URI> servers() {
    if (transport == Transport.UDP) {
      return List.of();
    }
    return List.of(ServerAddresses.uri(transport == Transport.TLS ? "syslogs" : "syslog", server));
  }
}
