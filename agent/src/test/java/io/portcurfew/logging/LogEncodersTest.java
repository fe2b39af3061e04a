package io.portcurfew.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import io.portcurfew.notify.message.EcsLine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LogEncodersTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final LoggerContext context = new LoggerContext();

  @Test
  void text_hasTimeLevelAndMessage() {
    assertThat(encoded(new TextLogEncoder(true), event("the clock jumped", null)))
        .isEqualTo("2026-11-23T12:00:00.000Z WARN  the clock jumped\n");
  }

  @Test
  void textInTheJournal_hasNoTime() {
    assertThat(encoded(new TextLogEncoder(false), event("the clock jumped", null)))
        .isEqualTo("WARN  the clock jumped\n");
  }

  @Test
  void textOfAnAlert_hasNeitherLevelNorFields() {
    assertThat(encoded(new TextLogEncoder(true), alert()))
        .isEqualTo("2026-11-23T12:00:00.000Z CRITICAL npmp-gui tcp 0.0.0.0:611 opened\n");
  }

  @Test
  void textOfAnError_isOneLineWithItsPlace() {
    String line =
        encoded(new TextLogEncoder(true), event("a job failed", new IllegalStateException("a\nb")));

    assertThat(line)
        .startsWith(
            "2026-11-23T12:00:00.000Z WARN  a job failed: java.lang.IllegalStateException: a b at"
                + " io.portcurfew.logging.LogEncodersTest.")
        .containsOnlyOnce("\n");
  }

  @Test
  void ecs_isOneObjectWithTheFieldsOfTheEvent() {
    JsonNode line = new JsonMapper().readTree(encoded(new EcsEncoder(), alert()));

    assertThat(line.path("@timestamp").asString()).isEqualTo("2026-11-23T12:00:00.000Z");
    assertThat(line.path("ecs.version").asString()).isEqualTo(EcsLine.VERSION);
    assertThat(line.path("log.level").asString()).isEqualTo("ERROR");
    assertThat(line.path("service.name").asString()).isEqualTo("portcurfew");
    assertThat(line.path("message").asString()).isEqualTo("ALERT open critical npmp-gui ...");
    assertThat(line.path("server.port").isNumber()).isTrue();
  }

  @Test
  void ecsOfAnError_hasItsStack() {
    String written =
        encoded(new EcsEncoder(), event("a job failed", new IllegalStateException("a\nb")));

    assertThat(written).containsOnlyOnce("\n");
    JsonNode line = new JsonMapper().readTree(written);
    assertThat(line.path("error.type").asString()).isEqualTo("java.lang.IllegalStateException");
    assertThat(line.path("error.message").asString()).isEqualTo("a\nb");
    assertThat(line.path("error.stack_trace").asString()).contains("LogEncodersTest");
  }

  private LoggingEvent alert() {
    LoggingEvent event =
        new LoggingEvent(
            "test",
            context.getLogger("A"),
            Level.ERROR,
            "CRITICAL npmp-gui tcp 0.0.0.0:611 opened",
            null,
            null);
    event.setInstant(NOON);
    event.addKeyValuePair(new KeyValuePair("message", "ALERT open critical npmp-gui ..."));
    event.addKeyValuePair(new KeyValuePair("server.port", 611L));
    return event;
  }

  private LoggingEvent event(String message, @Nullable Throwable error) {
    LoggingEvent event =
        new LoggingEvent("test", context.getLogger("A"), Level.WARN, message, error, null);
    event.setInstant(NOON);
    return event;
  }

  private static String encoded(Encoder<ILoggingEvent> encoder, ILoggingEvent event) {
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }
}
