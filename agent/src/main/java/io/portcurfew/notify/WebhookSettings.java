package io.portcurfew.notify;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a webhook is called.
 *
 * @param url may itself hold a token, so {@code toString} tells only its scheme and host
 * @param secret the key that signs the body; {@code null} signs nothing
 * @param connectTimeout positive
 * @param totalTimeout positive; includes connecting
 */
public record WebhookSettings(
    URI url, @Nullable Secret secret, Duration connectTimeout, Duration totalTimeout) {

  /** Without the path and query of the URL, and with the secret as {@code ***}. */
  @Override
  public String toString() {
    return "webhook to "
        + url.getScheme()
        + "://"
        + url.getHost()
        + (secret == null ? ", not signed" : ", secret " + secret)
        + ", connect "
        + connectTimeout
        + ", total "
        + totalTimeout;
  }
}
