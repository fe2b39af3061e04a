package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.SampleConfigs;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.LastScanTime;
import io.portcurfew.systemd.ServiceManager;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SystemdWatchdogTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.789Z");

  @TempDir Path state;

  private final Logger logger = (Logger) LoggerFactory.getLogger(SystemdWatchdog.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
  }

  @Test
  void statusNamesTheScanAndItsCompleteness() {
    assertThat(SystemdWatchdog.status(blind(NOON)))
        .isEqualTo("0 listeners, 1 finding, incomplete; last scan 2026-11-23T12:00:00Z");
  }

  @Test
  void nextAgentReportsTheUnwatchedTimeOnce() {
    pulse().scanned(blind(NOON), NOON);
    assertThat(log.list).isEmpty();
    SystemdWatchdog next = pulse();
    next.scanned(blind(NOON), NOON.plusSeconds(40));
    next.scanned(blind(NOON), NOON.plusSeconds(50));
    assertThat(log.list)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.INFO);
              assertThat(line.getFormattedMessage())
                  .isEqualTo(
                      "no agent scanned this host for 40 s before this start,"
                          + " since 2026-11-23T12:00:00Z");
            });
  }

  @Test
  void pauseWithMissedScans_isAWarning() {
    pulse().scanned(blind(NOON), NOON);
    pulse().scanned(blind(NOON), NOON.plusSeconds(4 * 3600 + 9));
    assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN);
  }

  private SystemdWatchdog pulse() {
    return new SystemdWatchdog(ServiceManager.of(Map.of()), new LastScanTime(state));
  }

  /** The result of a scan that saw nothing; scans are an hour apart. */
  private static Scan.Result blind(Instant at) {
    ActiveConfig by = SampleConfigs.active(new Policy(true, List.of()));
    Snapshot snapshot = PlainSnapshots.of(at);
    return new Scan.Result(
        new JudgedSnapshot(snapshot, by.judge(snapshot, CrossCheck.NONE)),
        CrossCheck.NONE,
        by,
        List.of());
  }
}
