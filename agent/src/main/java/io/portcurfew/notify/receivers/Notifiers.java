package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.ReceiverFilter;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Makes the notifier of each kind of receiver. */
public final class Notifiers implements NotifierFactory {

  private final String version;
  private final InstantSource clock;
  private final Supplier<List<Notification>> firing;
  // A notifier and its successor after a reload take turns.
  private final Map<String, ReentrantLock> rounds = new ConcurrentHashMap<>();

  /**
   * @param version the version of this agent
   * @param firing the firing alerts that were notified, for receivers that need them repeatedly
   */
  public Notifiers(String version, InstantSource clock, Supplier<List<Notification>> firing) {
    this.version = version;
    this.clock = clock;
    this.firing = firing;
  }

  @Override
  public Notifier of(String receiver, ReceiverSettings settings, ReceiverFilter filter) {
    String agent = "portcurfew/" + version;
    if (settings instanceof WebhookSettings webhook) {
      return new WebhookNotifier(receiver, webhook, version, clock);
    }
    if (settings instanceof AlertmanagerSettings alertmanager) {
      return new AlertmanagerNotifier(
          receiver,
          alertmanager,
          agent,
          clock,
          () -> selected(firing.get(), filter),
          rounds.computeIfAbsent(receiver, name -> new ReentrantLock()));
    }
    if (settings instanceof SyslogSettings syslog) {
      return new SyslogNotifier(receiver, syslog, version, clock);
    }
    if (settings instanceof EmailSettings email) {
      return new EmailNotifier(receiver, email, agent, clock);
    }
    if (settings instanceof SlackSettings slack) {
      return new SlackNotifier(receiver, slack, agent, clock);
    }
    if (settings instanceof PagerdutySettings pagerduty) {
      return new PagerdutyNotifier(receiver, pagerduty, agent, clock);
    }
    if (settings instanceof CommandSettings command) {
      return new CommandNotifier(receiver, command, agent);
    }
    return new FileNotifier((FileSettings) settings, version, clock);
  }

  private static List<Notification> selected(List<Notification> all, ReceiverFilter filter) {
    return all.stream().filter(filter::takes).toList();
  }
}
