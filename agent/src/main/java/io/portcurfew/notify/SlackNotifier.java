package io.portcurfew.notify;

import java.time.InstantSource;

/** Posts each notification to an incoming webhook of Slack. */
final class SlackNotifier implements Notifier {

  private final HttpPeer peer;

  /**
   * @param agent the name and version of this agent
   */
  SlackNotifier(String receiver, SlackSettings settings, String agent, InstantSource clock) {
    HttpPeer.HttpLimits limits = HttpPeer.HttpLimits.of(settings.timeout());
    this.peer = new HttpPeer(receiver, settings.url(), limits, Redaction.of(), agent, clock);
  }

  @Override
  public Delivery deliver(Notification notification) throws InterruptedException {
    return peer.post(SlackMessage.of(notification));
  }
}
