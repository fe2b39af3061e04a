package io.portcurfew.scan;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.host.Host;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.TimedView;
import io.portcurfew.observe.sweep.SweepResult;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Compares all sources of the host with each other, and sweeps its ports if the config says so. It
 * runs beside the scans, so a slow tool delays no scan; the next scan judges the {@linkplain
 * #latest() latest result}. Safe for use by several threads.
 */
public final class CrossChecker {

  private final Host host;
  private final AgentHealth health;
  private final Metrics metrics;
  private final Ticker ticker;
  private volatile boolean sweeps;
  private volatile CrossCheck latest = CrossCheck.NONE;
  private Duration comparedAt;

  /** Compares nothing yet. */
  public CrossChecker(
      Host host, AgentConfig config, AgentHealth health, Metrics metrics, Ticker ticker) {
    this.host = host;
    this.sweeps = config.sweep();
    this.health = health;
    this.metrics = metrics;
    this.ticker = ticker;
    this.comparedAt = ticker.elapsed();
  }

  /** The result so far. */
  CrossCheck latest() {
    return latest;
  }

  /** The next run uses this config. */
  public void use(AgentConfig config) {
    sweeps = config.sweep();
    reportSweep(SweepResult.NOTHING);
  }

  /** Compares all sources, again if they disagree, and sweeps if the config says so. */
  public void run(Instant now) throws InterruptedException {
    List<TimedView> views = compare(now, Host.LIMIT);
    for (int look = 1; look < CrossCheck.LOOKS && latest.wantsAnotherLook(); look++) {
      views = compare(now, Host.LIMIT);
    }
    Snapshot snapshot = host.snapshot(now, views);
    health.record(snapshot.sources());
    if (sweeps) {
      SweepResult swept = host.sweep(snapshot);
      record(swept);
      reportSweep(swept);
    } else {
      recordWithoutSweep(snapshot);
      reportSweep(SweepResult.NOTHING);
    }
  }

  /** A sweep may end after a reload that no longer wants it. */
  private synchronized void reportSweep(SweepResult swept) {
    if (!sweeps) {
      metrics.sourceRemoved(SweepResult.SOURCE);
    } else if (!swept.equals(SweepResult.NOTHING)) {
      metrics.sources(List.of(swept.report()));
    }
  }

  private synchronized void record(SweepResult swept) {
    latest = latest.swept(swept);
  }

  private synchronized void recordWithoutSweep(Snapshot compared) {
    latest = latest.withoutSweep(compared);
  }

  /**
   * Looks once with all sources and compares them; may run beside another comparison.
   *
   * @param limit how long to wait for a source
   * @return the view of each source
   */
  public List<TimedView> compare(Instant now, Duration limit) throws InterruptedException {
    Duration start = ticker.elapsed();
    List<TimedView> views = host.lookWithEach(limit);
    Snapshot snapshot = host.snapshot(now, views);
    record(snapshot, start);
    metrics.sources(snapshot.sources());
    return views;
  }

  /**
   * Two comparisons that overlap miss the same socket if it opens meanwhile. That counts as one, so
   * a comparison that began before the last one ended is left out.
   */
  private synchronized void record(Snapshot snapshot, Duration start) {
    if (start.compareTo(comparedAt) >= 0) {
      latest = latest.after(snapshot);
      comparedAt = ticker.elapsed();
    }
  }
}
