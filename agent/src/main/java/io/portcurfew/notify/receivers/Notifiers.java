package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.ReceiverFilter;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** Makes the notifier of each kind of receiver. */
public final class Notifiers {

  private final String version;
  private final InstantSource clock;
  private final Supplier<List<Notification>> firing;

  /**
   * @param version the version of this agent
   * @param firing what fires and was told, for receivers that want to hear of it again and again
   */
  public Notifiers(String version, InstantSource clock, Supplier<List<Notification>> firing) {
    this.version = version;
    this.clock = clock;
    this.firing = firing;
  }

  /**
   * Makes the notifier of a receiver, which holds threads or connections until it is closed.
   *
   * @param receiver its name
   */
  public Notifier of(String receiver, ReceiverSettings means, ReceiverFilter wants) {
    String agent = "portcurfew/" + version;
    if (means instanceof WebhookSettings webhook) {
      return new WebhookNotifier(receiver, webhook, version, clock);
    }
    if (means instanceof AlertmanagerSettings alertmanager) {
      return new AlertmanagerNotifier(
          receiver, alertmanager, agent, clock, () -> wanted(firing.get(), wants));
    }
    if (means instanceof SyslogSettings syslog) {
      return new SyslogNotifier(receiver, syslog, clock);
    }
    if (means instanceof EmailSettings email) {
      return new EmailNotifier(receiver, email, agent, clock);
    }
    if (means instanceof SlackSettings slack) {
      return new SlackNotifier(receiver, slack, agent, clock);
    }
    if (means instanceof PagerdutySettings pagerduty) {
      return new PagerdutyNotifier(receiver, pagerduty, agent, clock);
    }
    if (means instanceof CommandSettings command) {
      return new CommandNotifier(receiver, command, agent);
    }
    return new FileNotifier((FileSettings) means, clock);
  }

  private static List<Notification> wanted(List<Notification> all, ReceiverFilter wants) {
    return all.stream().filter(wants::takes).toList();
  }
}
