package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.TextTemplate;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a PagerDuty service.
 *
 * @param url the URL of the Events API v2
 * @param routingKey the integration key of the service
 * @param authorities the certificate authorities to trust
 * @param summary the operator's template for the summary; {@code null} for the default
 * @param timeout the limit of one event
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
