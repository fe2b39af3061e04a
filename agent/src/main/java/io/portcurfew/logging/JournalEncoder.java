package io.portcurfew.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Puts the priority before each line (sd-daemon(3)). The journal removes it again, and {@code
 * journalctl -p} selects by it.
 */
final class JournalEncoder extends LineEncoder {

  /** The numbers of syslog(3). */
  private static final Map<String, Integer> PRIORITIES =
      Map.of("ERROR", 3, "WARN", 4, "INFO", 6, "DEBUG", 7, "TRACE", 7);

  private final Encoder<ILoggingEvent> text;

  /**
   * @param text gives the lines
   */
  JournalEncoder(Encoder<ILoggingEvent> text) {
    this.text = text;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String prefix = "<" + PRIORITIES.getOrDefault(event.getLevel().toString(), 6) + ">";
    String lines = new String(text.encode(event), StandardCharsets.UTF_8).stripTrailing();
    return (prefix + lines.replace("\n", "\n" + prefix) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
