package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.MessageForm;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a webhook receiver.
 *
 * @param url may hold a token, so {@code toString} prints only its scheme and host
 * @param secret the key that signs the body; {@code null} for no signature
 * @param form Alertmanager's payload or OCSF
 * @param authorities the certificate authorities to trust
 * @param timeout the limit of the whole call; positive
 */
public record WebhookSettings(
    URI url,
    @Nullable Secret secret,
    MessageForm form,
    TrustedAuthorities authorities,
    Duration timeout)
    implements ReceiverSettings {

  /** Alertmanager's payload to a server that an authority of the host certifies. */
  public WebhookSettings(URI url, @Nullable Secret secret, Duration timeout) {
    this(url, secret, MessageForm.USUAL, TrustedAuthorities.OF_THE_HOST, timeout);
  }

  @Override
  public String kind() {
    return "webhook";
  }

  @Override
  public List<URI> servers() {
    return List.of(url);
  }

  /** Without the path and query of the URL, and with the secret as {@code ***}. */
  @Override
  public String toString() {
    return "webhook to "
        + url.getScheme()
        + "://"
        + url.getHost()
        + (secret == null ? ", not signed" : ", secret " + secret)
        + ", timeout "
        + timeout;
  }
}
