package io.portcurfew.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommandLogEncoderTest {

  private final LoggerContext context = new LoggerContext();

  @Test
  void event_isItsLevelAndItsMessage() {
    assertThat(encoded(new CommandLogEncoder(), null)).isEqualTo("WARN: no lsof here\n");
  }

  @Test
  void error_isNamedWithItsCauses() {
    Exception error = new IllegalStateException("not read", new IOException("no space"));
    assertThat(encoded(new CommandLogEncoder(), error))
        .isEqualTo(
            """
            WARN: no lsof here
            java.lang.IllegalStateException: not read
            Caused by: java.io.IOException: no space
            """);
  }

  @Test
  void lines_areThoseOfThePatternOfLogback() {
    PatternLayoutEncoder pattern = new PatternLayoutEncoder();
    pattern.setContext(context);
    pattern.setPattern("%level: %msg%n%ex{0}");
    pattern.start();
    Exception error = new IllegalStateException("not read", new IOException("no space"));
    assertThat(encoded(new CommandLogEncoder(), error)).isEqualTo(encoded(pattern, error));
  }

  private String encoded(Encoder<ILoggingEvent> encoder, @Nullable Throwable error) {
    LoggingEvent event =
        new LoggingEvent(
            "test", context.getLogger("A"), Level.WARN, "no {} here", error, new Object[] {"lsof"});
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }
}
