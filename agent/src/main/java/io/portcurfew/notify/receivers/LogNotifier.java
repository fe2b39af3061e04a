package io.portcurfew.notify.receivers;

import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.notify.message.EcsFields;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs each notification as one line: a text for people and fields of the Elastic Common Schema. A
 * critical alert has level ERROR, a warning WARN, all else INFO.
 *
 * <p>The fields are passed twice: as SLF4J's key-value pairs, which a pattern prints as {@code
 * %kvp}, and in the MDC, since the ECS encoder (1.8.0) writes only the MDC.
 */
public final class LogNotifier implements Notifier {

  private static final Logger LOG = LoggerFactory.getLogger(LogNotifier.class);

  @Override
  public Delivery deliver(Notification notification) {
    Map<String, String> pairs = EcsFields.of(notification);
    LoggingEventBuilder line = LOG.atLevel(level(notification));
    try {
      pairs.forEach(MDC::put);
      for (Map.Entry<String, String> pair : pairs.entrySet()) {
        // A pattern quotes the value without escaping it.
        line = line.addKeyValue(pair.getKey(), AlertText.quoted(pair.getValue()));
      }
      line.log(AlertText.line(notification));
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
}
