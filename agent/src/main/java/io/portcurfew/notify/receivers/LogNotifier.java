package io.portcurfew.notify.receivers;

import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.message.EcsLine;
import io.portcurfew.notify.message.LogLine;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs each notification: a short line for people, and everything as fields of the Elastic Common
 * Schema, which only that format writes. A critical alert has level ERROR, a warning WARN, all else
 * INFO.
 */
public final class LogNotifier implements Notifier {

  private static final Logger LOG = LoggerFactory.getLogger(LogNotifier.class);

  @Override
  public Delivery deliver(Notification notification) {
    LoggingEventBuilder event = LOG.atLevel(level(notification));
    for (Map.Entry<String, Object> field : EcsLine.fields(notification).entrySet()) {
      event = event.addKeyValue(field.getKey(), field.getValue());
    }
    event.log(LogLine.of(notification));
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
}
