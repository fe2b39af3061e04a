package io.portcurfew.notify;

import io.portcurfew.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

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
    String json = Json.compact(SlackMessage.of(notification));
    return peer.post(json.getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
