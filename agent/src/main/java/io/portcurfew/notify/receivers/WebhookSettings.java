package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a webhook is called.
 *
 * @param url may itself hold a token, so {@code toString} tells only its scheme and host
 * @param secret the key that signs the body; {@code null} signs nothing
 * @param authorities who vouches for the server
 * @param timeout positive; for the whole call
 */
public record WebhookSettings(
    URI url, @Nullable Secret secret, TrustedAuthorities authorities, Duration timeout)
    implements ReceiverSettings {

  /** Of a server that the host trusts. */
  public WebhookSettings(URI url, @Nullable Secret secret, Duration timeout) {
    this(url, secret, TrustedAuthorities.OF_THE_HOST, timeout);
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
