package io.portcurfew.daemon;

import io.portcurfew.config.ScanTimes;
import io.portcurfew.host.Host;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.LastScanTime;
import io.portcurfew.systemd.ServiceManager;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells the service manager of each scan that has ended. What fails or hangs tells nothing, so an
 * agent that no longer looks is started anew; and that one tells for how long nobody looked.
 */
final class WatchdogNotifier {

  private static final Logger LOG = LoggerFactory.getLogger(WatchdogNotifier.class);

  /** Where no further scan is due there is nothing to wait for. */
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private final ServiceManager manager;
  private final LastScanTime lastLook;
  private boolean first = true;

  WatchdogNotifier(ServiceManager manager, LastScanTime lastLook) {
    this.manager = manager;
    this.lastLook = lastLook;
  }

  /** A scan has ended; one more may be left out, the second from now has to end in time. */
  void scanned(Scan.Result result, Instant now) {
    Duration patience = patience(result.by().config().scan(), now);
    if (first) {
      first = false;
      lastLook.at().ifPresent(before -> tellThePause(before, now, patience));
    }
    lastLook.ended(now);
    manager.alive(() -> status(result), patience);
  }

  private static Duration patience(ScanTimes times, Instant now) {
    return JobScheduler.untilTheSecond(times, now).map(Host.LIMIT::plus).orElse(FOR_EVER);
  }

  private static void tellThePause(Instant before, Instant now, Duration patience) {
    Duration pause = Duration.between(before, now);
    Level level = pause.compareTo(patience) > 0 ? Level.WARN : Level.INFO;
    LOG.atLevel(level)
        .log(
            "this host was not looked at for {} s before this start, since {}",
            pause.toSeconds(),
            before.truncatedTo(ChronoUnit.SECONDS));
  }

  static String status(Scan.Result result) {
    int listeners = result.snapshot().listeners().size();
    int findings = result.judgement().findings().size();
    return "%d %s, %d %s%s; last scan %s"
        .formatted(
            listeners,
            listeners == 1 ? "listener" : "listeners",
            findings,
            findings == 1 ? "finding" : "findings",
            result.judgement().complete() ? "" : ", not all could be seen",
            result.snapshot().takenAt().truncatedTo(ChronoUnit.SECONDS));
  }
}
