package io.portcurfew.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.nio.charset.StandardCharsets;

/**
 * Writes level and message of each event for the user of a command, and one line for an error and
 * each of its causes. A pattern of Logback would be as short, but loads 155 classes, which an agent
 * keeps.
 */
final class CommandLogEncoder extends LineEncoder {

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder lines = new StringBuilder();
    lines.append(event.getLevel()).append(": ").append(event.getFormattedMessage()).append('\n');
    String before = "";
    for (IThrowableProxy error = event.getThrowableProxy();
        error != null;
        error = error.getCause()) {
      lines.append(before).append(error.getClassName()).append(": ").append(error.getMessage());
      lines.append('\n');
      before = "Caused by: ";
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
