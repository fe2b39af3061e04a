package io.portcurfew.daemon;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.notify.ConfiguredReceiver;
import io.portcurfew.notify.Grouping;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.receivers.LogNotifier;
import io.portcurfew.notify.receivers.Notifiers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the receivers of a config, after the log, which is always there. */
final class ReceiverFactory {

  private static final String LOG = "log";

  private final Notifiers notifiers;
  private final Notifiers heartbeats;

  /**
   * @param notifiers makes the notifiers of the queues
   * @param heartbeats makes the notifier of the heartbeat, which repeats no alert
   */
  ReceiverFactory(Notifiers notifiers, Notifiers heartbeats) {
    this.notifiers = notifiers;
    this.heartbeats = heartbeats;
  }

  /**
   * Another notifier of a receiver, for the heartbeat; {@code null} if there is no such receiver.
   */
  @Nullable Notifier heartbeat(AgentConfig config, String name) {
    return config.receivers().stream()
        .filter(receiver -> receiver.name().equals(name))
        .map(receiver -> heartbeats.of(name, receiver.settings(), receiver.filter()))
        .findFirst()
        .orElse(null);
  }

  /** By name, in the order of the config. */
  Map<String, ConfiguredReceiver> of(AgentConfig config) {
    Map<String, ConfiguredReceiver> receivers = new LinkedHashMap<>();
    receivers.put(LOG, ConfiguredReceiver.ofAll(new LogNotifier()));
    for (Receiver receiver : config.receivers()) {
      Notifier notifier = notifiers.of(receiver.name(), receiver.settings(), receiver.filter());
      boolean groupsItself = receiver.settings().followsAlerts();
      Grouping grouping = groupsItself ? Grouping.NONE : config.grouping();
      receivers.put(receiver.name(), new ConfiguredReceiver(notifier, receiver.filter(), grouping));
    }
    return receivers;
  }
}
