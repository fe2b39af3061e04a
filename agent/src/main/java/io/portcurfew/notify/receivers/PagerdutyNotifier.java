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

/**
 * Sends each alert to PagerDuty; a summary is sent as one event for each of its listed alerts. An
 * attempt continues after the last accepted event: PagerDuty limits the events of a minute, and a
 * summary may have more. Used by one thread at a time.
 */
final class PagerdutyNotifier implements Notifier {

  private final EventPost post;
  private @Nullable String begun;
  private int sent;
  private Delivery worst = new Delivery.Delivered();

  /** Sends the event of a notification that is no summary. */
  interface EventPost {
    /** Makes one attempt. */
    Delivery send(Notification one) throws InterruptedException;
  }

  PagerdutyNotifier(EventPost post) {
    this.post = post;
  }

  /**
   * @param agent the name and version of this agent
   */
  PagerdutyNotifier(
      String receiver, PagerdutySettings settings, String agent, InstantSource clock) {
    this(post(receiver, settings, agent, clock));
  }

  private static EventPost post(
      String receiver, PagerdutySettings settings, String agent, InstantSource clock) {
    Secret key = settings.routingKey();
    TextTemplate summary = settings.summary();
    HttpPeer.Server server =
        new HttpPeer.Server(settings.url(), settings.authorities(), settings.timeout());
    HttpPeer peer = new HttpPeer(receiver, server, Redaction.of(key), agent, clock);
    return one -> peer.post(PagerdutyEvent.of(one, key, summary));
  }

  /** A refused event does not stop the others of a summary. */
  @Override
  public Delivery deliver(Notification notification) throws InterruptedException {
    Summary summary = notification.summary();
    List<Notification> all = summary == null ? List.of(notification) : summary.shown();
    if (!notification.id().equals(begun)) {
      begun = notification.id();
      sent = 0;
      worst = new Delivery.Delivered();
    }
    for (; sent < all.size(); sent++) {
      Notification now = all.get(sent).at(notification.head());
      Delivery outcome = post.send(now);
      if (outcome instanceof Delivery.Retry) {
        return outcome;
      }
      worst = worst instanceof Delivery.Refused ? worst : outcome;
    }
    begun = null;
    return worst;
  }
}
