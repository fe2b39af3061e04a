package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.TextTemplate;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service of PagerDuty.
 *
 * @param url of the Events API v2
 * @param routingKey the integration key of the service
 * @param authorities who vouches for the server
 * @param summary what an incident is called instead of the usual
 * @param timeout for one event
 */
public record PagerdutySettings(
    URI url,
    Secret routingKey,
    TrustedAuthorities authorities,
    @Nullable TextTemplate summary,
    Duration timeout)
    implements ReceiverSettings {

  @Override
  public String kind() {
    return "pagerduty";
  }

  @Override
  public List<URI> servers() {
    return List.of(url);
  }

  @Override
  public boolean followsAlerts() {
    return true;
  }

  /** Without the path of the URL, and with the key as {@code ***}. */
  @Override
  public String toString() {
    return "pagerduty at "
        + url.getScheme()
        + "://"
        + url.getHost()
        + ", key "
        + routingKey
        + ", timeout "
        + timeout;
  }
}
