package io.portcurfew.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import io.portcurfew.json.Json;
import io.portcurfew.notify.message.AlertText;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes one line for people per event; the fields of an alert are left to {@link EcsEncoder}. */
final class TextLogEncoder extends LineEncoder {

  /** The frames of an internal error that a line names. */
  private static final int FRAMES = 3;

  private final boolean withTime;

  /**
   * @param withTime false if the reader of the lines adds the time, as the journal does
   */
  TextLogEncoder(boolean withTime) {
    this.withTime = withTime;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    if (withTime) {
      line.append(Json.time(event.getInstant())).append(' ');
    }
    // An alert has fields, and its line begins with its severity.
    if (event.getKeyValuePairs() == null) {
      line.append(String.format(Locale.ROOT, "%-5s ", event.getLevel()));
    }
    line.append(event.getFormattedMessage());
    appendError(line, event.getThrowableProxy());
    return (AlertText.oneLine(line.toString()) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void appendError(StringBuilder line, @Nullable IThrowableProxy error) {
    if (error == null) {
      return;
    }
    line.append(": ").append(error.getClassName()).append(": ").append(error.getMessage());
    StackTraceElementProxy[] frames = error.getStackTraceElementProxyArray();
    for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
      line.append(i == 0 ? " " : ", ").append(frames[i].getSTEAsString());
    }
  }
}
