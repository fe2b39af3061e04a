package io.portcurfew.notify.message;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A notification as fields of the Elastic Common Schema, each value on one line. */
final class EcsFields {

  private EcsFields() {}

  /** The fields of a notification. */
  static Map<String, String> of(Notification notification) {
    Summary summary = notification.summary();
    return summary == null ? pairs(notification) : pairs(notification, summary);
  }

  private static Map<String, String> pairs(Notification notification, Summary summary) {
    Map<String, String> pairs = new LinkedHashMap<>();
    pairs.put("event.kind", "alert");
    pairs.put("event.category", "network");
    pairs.put("event.type", type(notification.reason()));
    pairs.put("event.id", notification.id());
    pairs.put("event.reason", notification.reason().label());
    put(pairs, "host.name", notification.host());
    pairs.put("portcurfew.severity", summary.worst().label());
    pairs.put("portcurfew.notifications", Integer.toString(summary.count()));
    put(pairs, "portcurfew.policy", notification.policy());
    put(pairs, "portcurfew.history_head", notification.head());
    return pairs;
  }

  private static Map<String, String> pairs(Notification notification) {
    Alert alert = notification.alert();
    Finding finding = alert.finding();
    Map<String, String> pairs = new LinkedHashMap<>();
    pairs.put("event.kind", "alert");
    pairs.put("event.category", "network");
    pairs.put("event.type", type(notification.reason()));
    pairs.put("event.action", finding.kind().label());
    pairs.put("event.id", notification.id());
    pairs.put("event.start", AlertText.time(alert.startsAt()));
    put(pairs, "event.end", time(alert.endsAt()));
    pairs.put("event.reason", notification.reason().label());
    put(pairs, "rule.name", finding.rule());
    put(pairs, "rule.description", finding.because());
    put(pairs, "rule.reference", finding.notifySettings().runbook());
    finding.notifySettings().labels().forEach((name, value) -> put(pairs, "labels." + name, value));
    put(pairs, "host.name", notification.host());
    pairs.put("portcurfew.alert_id", alert.id());
    pairs.put("portcurfew.severity", finding.severity().label());
    put(pairs, "portcurfew.policy", notification.policy());
    put(pairs, "portcurfew.history_head", notification.head());
    putEndpoint(pairs, finding.endpoint());
    put(pairs, "portcurfew.namespace", finding.namespace());
    finding.owners().stream().findFirst().ifPresent(owner -> putOwner(pairs, owner));
    return pairs;
  }

  /** The {@code event.type} of the Elastic Common Schema. */
  private static String type(Reason reason) {
    return switch (reason) {
      case FIRST -> "start";
      case RESOLVED -> "end";
      case CHANGED -> "change";
      case REPEATED, ALREADY_FIRING, FLAPPING, SUMMARY -> "info";
    };
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : AlertText.time(instant);
  }

  private static void putEndpoint(Map<String, String> pairs, @Nullable Endpoint endpoint) {
    if (endpoint == null) {
      return;
    }
    put(pairs, "network.transport", endpoint.protocol());
    put(pairs, "server.address", endpoint.address());
    put(pairs, "server.ip", endpoint.address().cut() ? null : endpoint.address().host());
    put(pairs, "server.port", endpoint.port());
    put(pairs, "portcurfew.namespace", endpoint.namespace());
  }

  /** Only the first owner: these fields hold one. The message names all owners. */
  private static void putOwner(Map<String, String> pairs, Owner owner) {
    put(pairs, "portcurfew.kernel", owner.kernel());
    put(pairs, "process.pid", owner.kernel() == null ? owner.pid() : null);
    put(pairs, "process.name", owner.name());
    put(pairs, "process.executable", owner.executable());
    put(pairs, "user.name", owner.user());
    put(pairs, "user.id", owner.uid());
    OwnerDetails details = owner.details();
    owner.parent().ifPresent(parent -> putParent(pairs, parent));
    put(pairs, "portcurfew.unit", details.unit());
    Container container = details.container();
    if (container != null) {
      put(pairs, "container.id", container.id());
      put(pairs, "container.name", container.name());
    }
  }

  private static void putParent(Map<String, String> pairs, OwnerDetails.Ancestor parent) {
    put(pairs, "process.parent.pid", parent.pid());
    put(pairs, "process.parent.name", parent.name());
  }

  private static void put(Map<String, String> pairs, String key, @Nullable Object value) {
    if (value != null) {
      pairs.put(key, AlertText.oneLine(value.toString()));
    }
  }
}
