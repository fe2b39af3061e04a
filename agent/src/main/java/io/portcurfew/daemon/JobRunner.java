package io.portcurfew.daemon;

import io.portcurfew.metrics.Metrics;
import io.portcurfew.scan.Scan;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what the schedule asks for. One of the two places that catch everything: a bug in one scan
 * is logged and counted, and the next scan runs.
 */
final class JobRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  private final Scan scan;
  private final Metrics metrics;
  private final WatchdogNotifier pulse;
  private final Clock clock;
  private volatile boolean closed;

  JobRunner(Scan scan, Metrics metrics, WatchdogNotifier pulse, Clock clock) {
    this.scan = scan;
    this.metrics = metrics;
    this.pulse = pulse;
    this.clock = clock;
  }

  /** A scan, a cross-check or a reading of the files. */
  interface Step {
    void run(Instant now) throws InterruptedException;
  }

  void scan() {
    run(JobScheduler.SCAN, this::look);
  }

  private void look(Instant now) throws InterruptedException {
    scan.run(now);
    pulse.scanned(Objects.requireNonNull(scan.last()), clock.instant());
  }

  void crossCheck() {
    run("cross-check", scan::crossCheck);
  }

  void skipped(long scans) {
    metrics.scanSkipped(scans);
    LOG.warn("{} scans were skipped since the one before took too long", scans);
  }

  /** Runs a step; what goes wrong in it by a fault of our own is logged. */
  void run(String what, Step step) {
    Instant now = clock.instant();
    try {
      step.run(now);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error bug) {
      failed(what, now, bug);
    }
  }

  private void failed(String what, Instant now, Throwable bug) {
    if (closed) {
      return;
    }
    LOG.error("the {} failed; this is a bug of portcurfew", what, bug);
    if (what.equals(JobScheduler.SCAN)) {
      metrics.scanFailed(now);
      scan.failed(now);
    }
  }

  /** What fails from now on fails because everything else is closing. */
  @Override
  public void close() {
    closed = true;
  }
}
