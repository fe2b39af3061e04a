package io.portcurfew.daemon;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.observe.HostText;
import io.portcurfew.scan.Scan;
import io.portcurfew.web.Health;
import io.portcurfew.web.StatusPage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What the pages of the web server say of the agent. */
final class AgentStatus {

  /** So many intervals without a scan, and the agent is not healthy. */
  private static final int MISSED = 3;

  private static final Duration SLACK = Duration.ofSeconds(10);

  private final HostText host;
  private final Scan scan;
  private final Metrics metrics;
  private final Clock clock;
  private final Instant started;

  AgentStatus(HostText host, Scan scan, Metrics metrics, Clock clock) {
    this.host = host;
    this.scan = scan;
    this.metrics = metrics;
    this.clock = clock;
    this.started = clock.instant();
  }

  Health health() {
    Scan.Result last = scan.last();
    boolean overdue = isOverdue();
    String why =
        last == null ? "no scan has ended yet" : "last scan " + age().toSeconds() + " s ago";
    return new Health(!overdue, last != null && !overdue, why);
  }

  /**
   * Once scans are overdue, an old one says nothing of the present: its compliance is no longer
   * exported.
   */
  String metrics(boolean openMetrics) {
    if (isOverdue()) {
      metrics.scanOverdue();
    }
    return metrics.scrape(openMetrics);
  }

  /**
   * With a cron expression nothing is known of how long the pause may be, so it is never too long.
   */
  private boolean isOverdue() {
    return scan.inForce().config().scan() instanceof ScanTimes.Every every
        && age().compareTo(every.interval().multipliedBy(MISSED).plus(SLACK)) > 0;
  }

  private Duration age() {
    Scan.Result last = scan.last();
    return Duration.between(last == null ? started : last.snapshot().takenAt(), clock.instant());
  }

  StatusPage page() {
    Scan.Result last = scan.last();
    StatusPage.Look look =
        last == null ? null : new StatusPage.Look(last.snapshot(), last.judgement());
    return new StatusPage(BuildVersion.OF_THIS_BUILD, host, look, scan.failedAt());
  }
}
