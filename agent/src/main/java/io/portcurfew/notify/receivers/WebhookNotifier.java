package io.portcurfew.notify.receivers;

import io.portcurfew.json.Json;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.BodySignature;
import io.portcurfew.notify.http.HttpPeer;
import io.portcurfew.notify.http.Redaction;
import io.portcurfew.notify.message.AlertPayload;
import io.portcurfew.notify.message.MessageForm;
import io.portcurfew.notify.message.OcsfFinding;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Posts each notification to a URL, as Alertmanager's webhook payload or as OCSF. */
public final class WebhookNotifier implements Notifier {

  private final String receiver;
  private final WebhookSettings settings;
  private final String version;
  private final InstantSource clock;
  private final HttpPeer peer;

  /**
   * @param receiver the name of the receiver, a part of the payload
   * @param version the version of this agent
   * @param clock the time of events, and of a Retry-After header
   * @throws IllegalArgumentException if the URL is not http or https with a host
   */
  public WebhookNotifier(
      String receiver, WebhookSettings settings, String version, InstantSource clock) {
    this.receiver = receiver;
    this.settings = settings;
    this.version = version;
    this.clock = clock;
    String agent = agent();
    Secret secret = settings.secret();
    Redaction hidden = secret == null ? Redaction.of() : Redaction.of(secret);
    HttpPeer.Server server =
        new HttpPeer.Server(settings.url(), settings.authorities(), settings.timeout());
    this.peer = new HttpPeer(receiver, server, hidden, agent, clock);
  }

  private String agent() {
    return "portcurfew/" + version;
  }

  private Map<String, Object> payload(Notification notification) {
    return settings.form() == MessageForm.OCSF
        ? OcsfFinding.of(notification, version, clock.instant())
        : AlertPayload.of(notification, receiver, agent());
  }

  @Override
  public Delivery deliver(Notification notification) throws InterruptedException {
    byte[] body = Json.compact(payload(notification)).getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Idempotency-Key", notification.id());
    Secret secret = settings.secret();
    if (secret != null) {
      headers.put("X-Portcurfew-Signature", BodySignature.of(body, secret));
    }
    return peer.post(body, headers);
  }
}
