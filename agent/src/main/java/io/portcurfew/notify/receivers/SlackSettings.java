package io.portcurfew.notify.receivers;

import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.TextTemplate;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An incoming webhook of Slack.
 *
 * @param url is itself the secret
 * @param authorities who vouches for the server
 * @param text what it is told instead of the usual blocks
 * @param timeout for one attempt
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
