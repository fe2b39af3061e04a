package io.portcurfew.notify.receivers;

import io.portcurfew.notify.http.ServerAddresses;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.MessageForm;
import io.portcurfew.notify.message.TextTemplate;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a syslog receiver.
 *
 * @param server name or address and port, unresolved
 * @param facility 0 to 23 (RFC 5424, 6.2.1)
 * @param authorities the certificate authorities to trust with TLS
 * @param form a line of text or CEF
 * @param message the operator's template; {@code null} for the default line
 * @param timeout the limit of one attempt
 */
public record SyslogSettings(
    InetSocketAddress server,
    SyslogTransport transport,
    int facility,
    TrustedAuthorities authorities,
    MessageForm form,
    @Nullable TextTemplate message,
    Duration timeout)
    implements ReceiverSettings {

  /** The transport of the messages. */
  public enum SyslogTransport {
    /** RFC 5426: one datagram for each message, without confirmation. */
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

  /** Empty with UDP, since a connection cannot be tested without an answer. */
  @Override
  public List<URI> servers() {
    if (transport == SyslogTransport.UDP) {
      return List.of();
    }
    return List.of(
        ServerAddresses.uri(transport == SyslogTransport.TLS ? "syslogs" : "syslog", server));
  }
}
