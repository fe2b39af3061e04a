package io.portcurfew.daemon;

import io.portcurfew.config.ScanTimes;
import io.portcurfew.host.Host;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.LastScanTime;
import io.portcurfew.systemd.ServiceManager;
import io.portcurfew.text.CountedNoun;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Notifies the service manager after each completed scan. A scan that fails or hangs sends nothing,
 * so an agent that no longer scans is restarted; the new one logs how long no agent scanned.
 */
final class SystemdWatchdog {

  private static final Logger LOG = LoggerFactory.getLogger(SystemdWatchdog.class);

  /** The watchdog time if no further scan is due. */
  private static final Duration NO_LIMIT = Duration.ofDays(365);

  private final ServiceManager manager;
  private final LastScanTime lastScan;
  private boolean first = true;

  SystemdWatchdog(ServiceManager manager, LastScanTime lastScan) {
    this.manager = manager;
    this.lastScan = lastScan;
  }

  /** Notes a completed scan. One may be missed; the second from now must end in time. */
  void scanned(Scan.Result result, Instant now) {
    Duration patience = patience(result.active().config().scan(), now);
    if (first) {
      first = false;
      lastScan.at().ifPresent(before -> logPause(before, now, patience));
    }
    lastScan.ended(now);
    manager.alive(() -> status(result), patience);
  }

  private static Duration patience(ScanTimes times, Instant now) {
    Optional<Duration> second = CronTimer.untilTheSecond(times, now);
    return second.isPresent() ? Host.LIMIT.plus(second.get()) : NO_LIMIT;
  }

  private static void logPause(Instant before, Instant now, Duration patience) {
    Duration pause = Duration.between(before, now);
    Level level = pause.compareTo(patience) > 0 ? Level.WARN : Level.INFO;
    LOG.atLevel(level)
        .log(
            "no agent scanned this host for {} s before this start, since {}",
            pause.toSeconds(),
            before.truncatedTo(ChronoUnit.SECONDS));
  }

  static String status(Scan.Result result) {
    int listeners = result.judged().snapshot().listeners().size();
    int findings = result.judged().judgement().findings().size();
    return "%s, %s%s; last scan %s"
        .formatted(
            CountedNoun.of(listeners, "listener"),
            CountedNoun.of(findings, "finding"),
            result.judged().judgement().complete() ? "" : ", incomplete",
            result.judged().snapshot().takenAt().truncatedTo(ChronoUnit.SECONDS));
  }
}
