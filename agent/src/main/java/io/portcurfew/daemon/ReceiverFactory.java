package io.portcurfew.daemon;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.notify.ConfiguredReceiver;
import io.portcurfew.notify.Grouping;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.receivers.NotifierFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the receivers of a config, after the log, which is always there. */
final class ReceiverFactory {

  private static final String LOG = "log";

  private final Notifier log;
  private final NotifierFactory notifiers;
  private final NotifierFactory heartbeats;

  /**
   * @param log writes every notification to the log
   * @param notifiers makes the notifiers of the queues
   * @param heartbeats makes the notifier of the heartbeat, which repeats no alert
   */
  ReceiverFactory(Notifier log, NotifierFactory notifiers, NotifierFactory heartbeats) {
    this.log = log;
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

  /** By name, in the order of the config. If one cannot be made, the others are closed again. */
  Map<String, ConfiguredReceiver> of(AgentConfig config) {
    Map<String, ConfiguredReceiver> receivers = new LinkedHashMap<>();
    try {
      add(config, receivers);
    } catch (RuntimeException | Error bug) {
      receivers.values().forEach(made -> made.notifier().close());
      throw bug;
    }
    receivers.put(LOG, ConfiguredReceiver.ofAll(log));
    return receivers;
  }

  private void add(AgentConfig config, Map<String, ConfiguredReceiver> receivers) {
    for (Receiver receiver : config.receivers()) {
      Notifier notifier = notifiers.of(receiver.name(), receiver.settings(), receiver.filter());
      boolean groupsItself = receiver.settings().followsAlerts();
      Grouping grouping = groupsItself ? Grouping.NONE : config.grouping();
      receivers.put(receiver.name(), new ConfiguredReceiver(notifier, receiver.filter(), grouping));
    }
  }
}
