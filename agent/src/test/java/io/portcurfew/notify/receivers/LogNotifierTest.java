package io.portcurfew.notify.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.read.ListAppender;
import co.elastic.logging.logback.EcsEncoder;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.policy.Severity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LogNotifierTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(LogNotifier.class);
  private final LoggerContext context = logger.getLoggerContext();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.setContext(context);
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  @Test
  void alertIsOneLineOfTextAndFields() {
    assertThat(text(SampleNotifications.first()))
        .isEqualTo(
            "ERROR ALERT open critical npmp-gui tcp 127.0.0.1:611 is open, held by"
                + " /usr/bin/python3.11 | event.kind=\"alert\" event.category=\"network\""
                + " event.type=\"start\" event.action=\"open\" event.id=\"n1\""
                + " event.start=\"2026-11-23T12:00:00.000Z\" event.reason=\"first\""
                + " rule.name=\"npmp-gui\" rule.description=\"Registered as npmp-gui; nothing uses"
                + " it.\" host.name=\"web-1\" portcurfew.alert_id=\"a1\""
                + " portcurfew.severity=\"critical\" portcurfew.policy=\"0123456789ab\""
                + " network.transport=\"tcp\" server.address=\"127.0.0.1\" server.ip=\"127.0.0.1\""
                + " server.port=\"611\" portcurfew.namespace=\"host\" process.pid=\"4711\""
                + " process.name=\"python3\" process.executable=\"/usr/bin/python3.11\""
                + " user.name=\"root\" user.id=\"0\"\n");
  }

  @Test
  void labelsAndRunbookOfTheRule_areLogged() {
    assertThat(text(SampleNotifications.labelled(Map.of("team", "databases"))))
        .contains("rule.reference=\"https://wiki.example.org/npmp\" labels.team=\"databases\"");
  }

  @Test
  void resolvedAlert_isInfo() {
    assertThat(text(SampleNotifications.resolved()))
        .startsWith("INFO RESOLVED npmp-gui: tcp 127.0.0.1:611 is closed again (open for 10 s)")
        .contains("event.type=\"end\"", "event.end=\"2026-11-23T12:00:10.250Z\"");
  }

  @ParameterizedTest
  @CsvSource({"CRITICAL, ERROR", "WARNING, WARN", "INFO, INFO"})
  void levelFollowsTheSeverity(Severity severity, String level) {
    assertThat(
            line(SampleNotifications.first(
                    "n1", SampleNotifications.finding(severity, SampleNotifications.NPMP)))
                .getLevel())
        .isEqualTo(Level.toLevel(level));
  }

  @Test
  void findingAboutTheHost_hasNoEndpoint() {
    assertThat(
            text(
                SampleNotifications.first(
                    "n1", SampleNotifications.finding(Severity.WARNING, null))))
        .doesNotContain("server.", "network.", "process.", "null=");
  }

  @Test
  void hostileNameStaysInItsPlace() {
    String text = text(hostile());

    assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
    assertThat(text).doesNotContain("\u001b", "\u202e").contains("ALERT {} ${jndi:x}");
    // Every quote of the name is escaped, so it ends no value and starts no field.
    assertThat(text.substring(text.indexOf('|'))).doesNotContain(" user.name=\"root\"");
  }

  @Test
  void ecsEncoder_writesOneObjectWithTheSameFields() {
    JsonNode json = new JsonMapper().readTree(ecs(SampleNotifications.first()));
    assertThat(json.path("log.level").asString()).isEqualTo("ERROR");
    assertThat(json.path("message").asString()).startsWith("ALERT open critical npmp-gui tcp ");
    assertThat(json.path("event.kind").asString()).isEqualTo("alert");
    assertThat(json.path("event.id").asString()).isEqualTo("n1");
    assertThat(json.path("rule.name").asString()).isEqualTo("npmp-gui");
    assertThat(json.path("server.port").asString()).isEqualTo("611");
    assertThat(json.path("process.executable").asString()).isEqualTo("/usr/bin/python3.11");
  }

  @Test
  void ecsEncoder_writesOneLineForAnyName() {
    String written = ecs(hostile());

    assertThat(written.lines()).hasSize(1);
    assertThat(new JsonMapper().readTree(written).path("process.name").asString())
        .isEqualTo(SampleNotifications.hostile().name().toString());
  }

  @Test
  void mdcIsEmptyAfterwards() {
    assertThat(new LogNotifier().deliver(SampleNotifications.first()))
        .isEqualTo(new Delivery.Delivered());

    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
  }

  private static Notification hostile() {
    return SampleNotifications.first(
        "n1",
        SampleNotifications.finding(
            Severity.CRITICAL, SampleNotifications.NPMP, SampleNotifications.hostile()));
  }

  private ILoggingEvent line(Notification notification) {
    new LogNotifier().deliver(notification);
    assertThat(lines.list).hasSize(1);
    return lines.list.get(0);
  }

  private String text(Notification notification) {
    PatternLayoutEncoder pattern = new PatternLayoutEncoder();
    pattern.setContext(context);
    pattern.setPattern("%level %msg | %kvp%n");
    pattern.start();
    return new String(pattern.encode(line(notification)), StandardCharsets.UTF_8);
  }

  private String ecs(Notification notification) {
    EcsEncoder encoder = new EcsEncoder();
    encoder.setContext(context);
    encoder.setServiceName("portcurfew");
    encoder.start();
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(written);
    appender.start();
    logger.addAppender(appender);
    new LogNotifier().deliver(notification);
    logger.detachAppender(appender);
    return written.toString(StandardCharsets.UTF_8);
  }
}
