package io.portcurfew.notify.receivers;

import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.TextTemplate;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a Slack receiver.
 *
 * @param url the incoming webhook; the URL itself is the secret
 * @param authorities the certificate authorities to trust
 * @param text the operator's template; {@code null} for the default blocks
 * @param timeout the limit of one attempt
 */
public record SlackSettings(
    URI url, TrustedAuthorities authorities, @Nullable TextTemplate text, Duration timeout)
    implements ReceiverSettings {

  @Override
  public String kind() {
    return "slack";
  }

  @Override
  public List<URI> servers() {
    return List.of(url);
  }

  /** Without the path of the URL. */
  @Override
  public String toString() {
    return "slack at " + url.getScheme() + "://" + url.getHost() + ", timeout " + timeout;
  }
}
