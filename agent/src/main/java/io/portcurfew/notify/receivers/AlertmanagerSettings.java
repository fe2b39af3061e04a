package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an Alertmanager cluster.
 *
 * @param urls the URL of each peer, without the path of the API; may hold tokens
 * @param token the bearer token of all peers; {@code null} for none
 * @param authorities the certificate authorities to trust
 * @param resendEvery the interval for resending firing alerts
 * @param timeout the limit of one attempt on all peers
 */
public record AlertmanagerSettings(
    List<URI> urls,
    @Nullable Secret token,
    TrustedAuthorities authorities,
    Duration resendEvery,
    Duration timeout)
    implements ReceiverSettings {

  public AlertmanagerSettings {
    urls = List.copyOf(urls);
  }

  @Override
  public String kind() {
    return "alertmanager";
  }

  @Override
  public List<URI> servers() {
    return urls;
  }

  @Override
  public boolean followsAlerts() {
    return true;
  }

  @Override
  public String toString() {
    List<String> hosts = urls.stream().map(url -> url.getScheme() + "://" + url.getHost()).toList();
    return "alertmanager at " + hosts + ", resends every " + resendEvery + ", timeout " + timeout;
  }
}
