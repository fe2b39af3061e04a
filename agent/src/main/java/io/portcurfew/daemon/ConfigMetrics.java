package io.portcurfew.daemon;

import io.portcurfew.bundle.BundleManifest;
import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.PolicySetting.BundleSource;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.ReceiverFilter;
import io.portcurfew.notify.receivers.AlertmanagerSettings;
import java.util.Collection;
import java.util.List;

/** Sets the metrics that describe the active config and policy. */
final class ConfigMetrics {

  private ConfigMetrics() {}

  /**
   * Sets all of them.
   *
   * @param receivers the names of all receivers, that of the log included
   */
  static void set(Metrics metrics, LoadedConfig loaded, Collection<String> receivers) {
    AgentConfig config = loaded.config();
    metrics.receivers(receivers);
    metrics.alertmanagers(alertmanagers(config));
    metrics.heartbeatConfigured(config.heartbeat() != null);
    metrics.policyActive(loaded.policyDigest());
    metrics.listenerSeries(config.inventory().series());
    metrics.bundleConfigured(config.policy() instanceof BundleSource);
    BundleManifest bundle = loaded.bundle() == null ? null : loaded.bundle().manifest();
    metrics.bundleActive(
        bundle == null ? null : bundle.revision(), bundle == null ? null : bundle.expires());
  }

  /** The receivers that send every alert to Alertmanager, and its end. */
  private static List<String> alertmanagers(AgentConfig config) {
    return config.receivers().stream()
        .filter(receiver -> receiver.settings() instanceof AlertmanagerSettings)
        .filter(receiver -> receiver.filter().equals(ReceiverFilter.ALL))
        .map(Receiver::name)
        .toList();
  }
}
