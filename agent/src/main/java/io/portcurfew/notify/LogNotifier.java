package io.portcurfew.notify;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes each notification as one line of the log: words for people, and beside them pairs that are
 * named as in the Elastic Common Schema. A critical alert is an error, a warning a warning, all
 * else information.
 *
 * <p>The pairs are given twice: as SLF4J's key-value pairs, which a pattern shows as {@code %kvp},
 * and in the MDC, since the ECS encoder (1.8.0) writes that and not the pairs.
 */
public final class LogNotifier implements Notifier {

  private static final Logger LOG = LoggerFactory.getLogger(LogNotifier.class);

  @Override
  public Delivery deliver(Notification notification) {
    Summary summary = notification.summary();
    Map<String, String> pairs =
        summary == null ? pairs(notification) : pairs(notification, summary);
    LoggingEventBuilder line = LOG.atLevel(level(notification));
    try {
      pairs.forEach(MDC::put);
      for (Map.Entry<String, String> pair : pairs.entrySet()) {
        // A pattern puts the value between quotes as it is.
        line = line.addKeyValue(pair.getKey(), AlertText.quoted(pair.getValue()));
      }
      line.log(summary == null ? words(notification) : words(summary));
    } finally {
      pairs.keySet().forEach(MDC::remove);
    }
    return new Delivery.Delivered();
  }

  private static Level level(Notification notification) {
    if (notification.reason() == Reason.RESOLVED) {
      return Level.INFO;
    }
    return switch (notification.alert().finding().severity()) {
      case CRITICAL -> Level.ERROR;
      case WARNING -> Level.WARN;
      case INFO -> Level.INFO;
    };
  }

  private static String words(Notification notification) {
    Finding finding = notification.alert().finding();
    boolean over = notification.reason() == Reason.RESOLVED;
    return AlertText.oneLine(
        AlertText.word(notification.reason())
            + " "
            + finding.kind().label()
            + " "
            + finding.severity().label()
            + " "
            + finding.rule()
            + (over ? ", no longer: " : " ")
            + AlertText.said(notification));
  }

  private static String words(Summary summary) {
    return AlertText.oneLine("SUMMARY " + summary.worst().label() + " " + AlertText.said(summary));
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
    put(pairs, "rule.reference", finding.telling().runbook());
    finding.telling().labels().forEach((name, value) -> put(pairs, "labels." + name, value));
    put(pairs, "host.name", notification.host());
    pairs.put("portcurfew.alert_id", alert.id());
    pairs.put("portcurfew.severity", finding.severity().label());
    put(pairs, "portcurfew.policy", notification.policy());
    put(pairs, "portcurfew.history_head", notification.head());
    putEndpoint(pairs, finding.endpoint());
    finding.owners().stream().findFirst().ifPresent(owner -> putOwner(pairs, owner));
    return pairs;
  }

  /** In words of the Elastic Common Schema. */
  private static String type(Reason reason) {
    return switch (reason) {
      case FIRST -> "start";
      case RESOLVED -> "end";
      case CHANGED -> "change";
      case REPEATED, FLAPPING, SUMMARY -> "info";
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

  /** Of several owners the first: these fields hold one. The message names them all. */
  private static void putOwner(Map<String, String> pairs, Owner owner) {
    put(pairs, "process.pid", owner.pid());
    put(pairs, "process.name", owner.name());
    put(pairs, "process.executable", owner.executable());
    put(pairs, "user.name", owner.user());
    put(pairs, "user.id", owner.uid());
  }

  private static void put(Map<String, String> pairs, String key, @Nullable Object value) {
    if (value != null) {
      pairs.put(key, AlertText.oneLine(value.toString()));
    }
  }
}
