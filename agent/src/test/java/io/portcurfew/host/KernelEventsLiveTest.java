package io.portcurfew.host;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.ThreadRights;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A host that refuses every event but the ends of sockets. */
@LiveHost
class KernelEventsLiveTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(KernelEvents.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    Requirement.root();
    lines.setContext(logger.getLoggerContext());
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  private long refusals() {
    return lines.list.stream()
        .filter(line -> line.getFormattedMessage().contains("is not used"))
        .count();
  }

  @Test
  void refusedSources_areSaidOnce() throws Exception {
    ThreadRights.asNobody(
        () -> {
          try (Host host =
                  new Host(
                      HostText.of("web-1"),
                      PortRange.LINUX_EPHEMERAL,
                      List.of(LinuxSource.ofHost()),
                      List.of());
              KernelEvents events =
                  KernelEvents.of(host, Clock.systemUTC()).start(EventSettings.AUTO, () -> {})) {
            long said = refusals();
            assertThat(said).isPositive();
            assertThat(events.reports())
                .filteredOn(EventSourceReport::up)
                .extracting(EventSourceReport::name)
                .containsExactly("destroy");
            events.use(EventSettings.AUTO);
            events.await(Duration.ofMillis(200));
            assertThat(events.reconcile(List.of(), Duration.ZERO)).isEmpty();
            assertThat(events.clients()).isEmpty();
            assertThat(refusals()).isEqualTo(said);
          }
          return true;
        });
  }
}
