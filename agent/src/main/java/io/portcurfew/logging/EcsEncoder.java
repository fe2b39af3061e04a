package io.portcurfew.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.portcurfew.build.BuildVersion;
import io.portcurfew.json.Json;
import io.portcurfew.notify.message.EcsLine;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * Writes each event as one JSON object of the Elastic Common Schema, with the fields of the event.
 * A field of the same name, such as the full message of an alert, takes the place of the common
 * one.
 */
final class EcsEncoder extends LineEncoder {

  private static final String SERVICE = "portcurfew";

  @Override
  public byte[] encode(ILoggingEvent event) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("@timestamp", Json.time(event.getInstant()));
    line.put("log.level", event.getLevel().toString());
    line.put("message", event.getFormattedMessage());
    line.put("ecs.version", EcsLine.VERSION);
    line.put("service.name", SERVICE);
    line.put("service.version", BuildVersion.OF_THIS_BUILD);
    line.put("event.dataset", SERVICE);
    line.put("process.thread.name", event.getThreadName());
    line.put("log.logger", event.getLoggerName());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.put(pair.key, pair.value);
      }
    }
    IThrowableProxy error = event.getThrowableProxy();
    if (error != null) {
      line.put("error.type", error.getClassName());
      line.put("error.message", String.valueOf(error.getMessage()));
      line.put("error.stack_trace", ThrowableProxyUtil.asString(error));
    }
    return (Json.compact(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
