package io.portcurfew.notify.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.message.EcsLine;
import io.portcurfew.policy.Severity;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

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
  void alert_isAShortLine() {
    assertThat(line(SampleNotifications.first()).getFormattedMessage())
        .isEqualTo(
            "CRITICAL npmp-gui tcp 127.0.0.1:611 opened by python3[4711] /usr/bin/python3.11"
                + " user=root");
  }

  @Test
  void everythingElse_isInFields() {
    assertThat(fields(SampleNotifications.labelled(Map.of("team", "databases"))))
        .containsAllEntriesOf(
            EcsLine.fields(SampleNotifications.labelled(Map.of("team", "databases"))))
        .containsEntry("labels.team", "databases")
        .containsEntry("rule.reference", "https://wiki.example.org/npmp")
        .containsEntry("server.port", 611L);
  }

  @Test
  void resolvedAlert_isInfo() {
    ILoggingEvent event = line(SampleNotifications.resolved());

    assertThat(event.getLevel()).isEqualTo(Level.INFO);
    assertThat(event.getFormattedMessage())
        .isEqualTo("RESOLVED npmp-gui: tcp 127.0.0.1:611 is closed again (open for 10 s)");
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
            fields(
                    SampleNotifications.first(
                        "n1", SampleNotifications.finding(Severity.WARNING, null)))
                .keySet())
        .noneMatch(name -> name.startsWith("server.") || name.startsWith("process."));
  }

  @Test
  void placeholderInAName_isNotExpanded() {
    Notification hostile =
        SampleNotifications.first(
            "n1",
            SampleNotifications.finding(
                Severity.CRITICAL, SampleNotifications.NPMP, SampleNotifications.hostile()));

    assertThat(line(hostile).getFormattedMessage()).contains("ALERT {} ${jndi:x}");
  }

  private Map<String, Object> fields(Notification notification) {
    Map<String, Object> fields = new HashMap<>();
    line(notification).getKeyValuePairs().forEach(pair -> fields.put(pair.key, pair.value));
    return fields;
  }

  private ILoggingEvent line(Notification notification) {
    new LogNotifier().deliver(notification);
    assertThat(lines.list).hasSize(1);
    return lines.list.get(0);
  }
}
