package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.http.HttpPeer;
import io.portcurfew.notify.http.Redaction;
import io.portcurfew.notify.message.TextTemplate;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Posts each notification to an incoming webhook of Slack. */
final class SlackNotifier implements Notifier {

  private final @Nullable TextTemplate text;
  private final HttpPeer peer;

  /**
   * @param agent the name and version of this agent
   */
  SlackNotifier(String receiver, SlackSettings settings, String agent, InstantSource clock) {
    HttpPeer.Server server =
        new HttpPeer.Server(settings.url(), settings.authorities(), settings.timeout());
    this.text = settings.text();
    this.peer = new HttpPeer(receiver, server, Redaction.of(), agent, clock);
  }

  @Override
  public Delivery deliver(Notification notification) throws InterruptedException {
    return peer.post(SlackMessage.of(notification, text));
  }
}
