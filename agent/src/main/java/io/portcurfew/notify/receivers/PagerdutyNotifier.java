package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.Summary;
import io.portcurfew.notify.http.HttpPeer;
import io.portcurfew.notify.http.Redaction;
import io.portcurfew.notify.message.TextTemplate;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells PagerDuty of each alert; of a summary of the alerts that it tells one by one. */
final class PagerdutyNotifier implements Notifier {

  private final Secret routingKey;
  private final @Nullable TextTemplate words;
  private final HttpPeer peer;

  /**
   * @param agent the name and version of this agent
   */
  PagerdutyNotifier(
      String receiver, PagerdutySettings settings, String agent, InstantSource clock) {
    this.routingKey = settings.routingKey();
    this.words = settings.summary();
    Redaction hidden = Redaction.of(routingKey);
    HttpPeer.Server server =
        new HttpPeer.Server(settings.url(), settings.authorities(), settings.timeout());
    this.peer = new HttpPeer(receiver, server, hidden, agent, clock);
  }

  /** An event that is refused does not keep the others of a summary back. */
  @Override
  public Delivery deliver(Notification notification) throws InterruptedException {
    Summary summary = notification.summary();
    List<Notification> all = summary == null ? List.of(notification) : summary.shown();
    Delivery worst = new Delivery.Delivered();
    for (Notification one : all) {
      Notification now = one.at(notification.head());
      Delivery outcome = peer.post(PagerdutyEvent.of(now, routingKey, words));
      if (outcome instanceof Delivery.Retry) {
        return outcome;
      }
      worst = worst instanceof Delivery.Refused ? worst : outcome;
    }
    return worst;
  }
}
