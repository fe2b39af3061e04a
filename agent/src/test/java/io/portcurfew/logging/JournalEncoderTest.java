package io.portcurfew.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournalEncoderTest {

  private final LoggerContext context = new LoggerContext();

  @ParameterizedTest
  @CsvSource({"ERROR,3", "WARN,4", "INFO,6", "DEBUG,7"})
  void everyLineOfAnEventCarriesItsPriority(String level, int priority) {
    LoggingEvent event =
        new LoggingEvent(
            "test", context.getLogger("A"), Level.valueOf(level), "one\ntwo", null, null);
    String text = new String(encoder().encode(event), StandardCharsets.UTF_8);
    assertThat(text).isEqualTo("<%d>A: one\n<%d>two\n".formatted(priority, priority));
  }

  private JournalEncoder encoder() {
    PatternLayoutEncoder lines = new PatternLayoutEncoder();
    lines.setContext(context);
    lines.setPattern("%logger: %msg%n");
    lines.start();
    return new JournalEncoder(lines);
  }
}
