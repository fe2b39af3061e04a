package io.portcurfew.daemon;

import io.portcurfew.metrics.Metrics;
import io.portcurfew.process.Ticker;
import io.portcurfew.scan.CrossChecker;
import io.portcurfew.scan.InventoryWriter;
import io.portcurfew.scan.Scan;
import io.portcurfew.text.CountedNoun;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs of the scheduler. One of the two places that catch everything: a bug in one scan is
 * logged and counted, and the next scan runs.
 */
final class JobRunner implements JobScheduler.Jobs, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  private final Scan scan;
  private final CrossChecker crossChecker;
  private final ConfigReloader reloader;
  private final BundleUpdater bundles;
  private final Runnable storeCheck;
  private final Metrics metrics;
  private final SystemdWatchdog watchdog;
  private final InventoryWriter inventory;
  private final Clock clock;
  private final ClockJumps jumps;

  // Created once: Java's quick compiler makes each of them anew by a chain of method handles.
  private final JobStep scanStep = this::scan;
  private final BiConsumer<String, Map<String, ?>> history;
  private volatile boolean closed;

  /**
   * Runs nothing yet.
   *
   * @param storeCheck notices a database that was removed or replaced, and reads again what could
   *     not be read; cheap
   * @param history records jumps of the clock
   */
  JobRunner(
      Scan scan,
      CrossChecker crossChecker,
      ConfigReloader reloader,
      BundleUpdater bundles,
      Runnable storeCheck,
      Metrics metrics,
      SystemdWatchdog watchdog,
      InventoryWriter inventory,
      Clock clock,
      Ticker ticker,
      BiConsumer<String, Map<String, ?>> history) {
    this.scan = scan;
    this.history = history;
    this.jumps = new ClockJumps(clock, ticker);
    this.crossChecker = crossChecker;
    this.reloader = reloader;
    this.bundles = bundles;
    this.storeCheck = storeCheck;
    this.metrics = metrics;
    this.watchdog = watchdog;
    this.inventory = inventory;
    this.clock = clock;
  }

  private interface JobStep {
    void run(Instant now) throws InterruptedException;
  }

  @Override
  public void scan() {
    run(JobScheduler.SCAN, scanStep);
  }

  private void scan(Instant now) throws InterruptedException {
    Optional<Duration> jump = jumps.next();
    if (jump.isPresent()) {
      recordJump(jump.get());
    }
    scan.run(now);
    Scan.Result result = Objects.requireNonNull(scan.last());
    watchdog.scanned(result, clock.instant());
    inventory.scanned(result);
  }

  private void recordJump(Duration jump) {
    LOG.warn("the clock jumped by {} s: it was set, or the host was suspended", jump.toSeconds());
    history.accept("clock-jump", Map.of("seconds", jump.toSeconds()));
  }

  @Override
  public void crossCheck() {
    run(JobScheduler.CROSS_CHECK, crossChecker::run);
  }

  @Override
  public void reload(Consumer<ConfigChange> change) {
    run(
        JobScheduler.RELOAD,
        now -> {
          storeCheck.run();
          reloader.run().ifPresent(change);
        });
  }

  @Override
  public void updateBundle() {
    run(JobScheduler.BUNDLE, bundles::run);
  }

  @Override
  public void skipped(long scans) {
    metrics.scanSkipped(scans);
    LOG.warn("skipped {} because the previous one took too long", CountedNoun.of(scans, "scan"));
  }

  private void run(String job, JobStep step) {
    Instant now = clock.instant();
    try {
      step.run(now);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error bug) {
      failed(job, now, bug);
    }
  }

  private void failed(String job, Instant now, Throwable bug) {
    if (closed) {
      return;
    }
    LOG.error("the {} failed; this is a bug in Portcurfew", job, bug);
    if (job.equals(JobScheduler.SCAN)) {
      metrics.scanFailed(now);
      scan.failed(now);
    }
  }

  /** Failures from now on are ignored: they come from everything else being closed. */
  @Override
  public void close() {
    closed = true;
  }
}
