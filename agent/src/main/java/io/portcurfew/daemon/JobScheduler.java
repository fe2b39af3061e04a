package io.portcurfew.daemon;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules all jobs. Scans run on the thread that {@linkplain #run waits} for the next job, so an
 * idle agent needs only its main thread; other jobs get a thread of their own, since files and
 * tools may hang. No job runs twice at a time. A scan that is late because the previous one took
 * too long is skipped and counted; other jobs run late.
 */
public final class JobScheduler implements AutoCloseable {

  /** The name of the job that scans. */
  static final String SCAN = "scan";

  /** The name of the job that compares all sources. */
  static final String CROSS_CHECK = "cross-check";

  /** The name of the job that reads changed files. */
  static final String RELOAD = "reload";

  /** The name of the job that looks for a new policy bundle. */
  static final String BUNDLE = "bundle";

  /** A scan at the time of a cron expression. */
  private static final String SCAN_BY_CRON = "scan-by-cron";

  /** A look at the clock, which each pass begins with; only a cron expression needs it. */
  private static final String CLOCK = "clock";

  private static final Duration CLOCK_EVERY = Duration.ofSeconds(2);

  /** A changed file is read at the second run that sees it, so within twice this time. */
  private static final Duration RELOAD_EVERY = Duration.ofSeconds(2);

  /** The delay of a start beyond which a scan is skipped. */
  private static final Duration LATE = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(JobScheduler.class);

  private final Jobs jobs;
  private final IntervalTimer timer = new IntervalTimer();
  private final IntervalTimer files = new IntervalTimer();
  private final JobThreads threads = new JobThreads();
  private final ClockJumps jumps = new ClockJumps(Clock.systemUTC(), Ticker.SYSTEM);
  private @Nullable CronTimer cron;
  private volatile Duration cronFired = Ticker.SYSTEM.elapsed();
  private volatile ScanTimes times;

  /** The jobs. Each handles its own failures. */
  interface Jobs {

    /** Scans. */
    void scan();

    /** Compares all sources. */
    void crossCheck();

    /**
     * Reads changed files.
     *
     * @param change is given the change, if files were read
     */
    void reload(Consumer<ConfigChange> change);

    /** Looks for a new policy bundle. */
    void updateBundle();

    /** Counts scans that were skipped. */
    void skipped(long scans);
  }

  private JobScheduler(ScanTimes times, Jobs jobs) {
    this.times = times;
    this.jobs = jobs;
  }

  /** Plans the jobs; each runs once as soon as somebody {@linkplain #run() runs} this. */
  static JobScheduler start(AgentConfig config, Jobs jobs) {
    JobScheduler started = new JobScheduler(config.scan(), jobs);
    started.now(SCAN);
    started.plan(config.scan());
    started.now(CROSS_CHECK);
    started.timer.set(CROSS_CHECK, IntervalTimer.TimerPace.every(config.crossCheck()));
    started.now(RELOAD);
    started.files.set(RELOAD, IntervalTimer.TimerPace.every(RELOAD_EVERY));
    // Until its thread could be started.
    started.timer.request(RELOAD);
    started.timer.set(RELOAD, IntervalTimer.TimerPace.every(RELOAD_EVERY));
    started.now(BUNDLE);
    ConfigChange.bundleInterval(config)
        .ifPresent(every -> started.timer.set(BUNDLE, IntervalTimer.TimerPace.within(every)));
    return started;
  }

  /** Runs the jobs at their times, on the thread of the caller, until this is closed. */
  void run() {
    Collection<String> due = timer.await();
    while (due != null) {
      pass(due);
      due = timer.await();
    }
  }

  private void pass(Collection<String> due) {
    try {
      watchClock();
      for (String name : due) {
        start(name);
      }
    } catch (RuntimeException bug) {
      LOG.error("cannot start a job; this is a bug in Portcurfew", bug);
    }
  }

  private void start(String name) {
    switch (name) {
      case SCAN -> scan();
      case SCAN_BY_CRON -> scanByCron();
      case CROSS_CHECK -> threads.run(name, jobs::crossCheck);
      case RELOAD -> startCheckingFiles();
      case BUNDLE -> threads.run(name, jobs::updateBundle);
      case CLOCK -> {}
      default -> throw new IllegalArgumentException("no such job: " + name);
    }
  }

  /** The files are checked by a thread that waits for itself, so that each check wakes only one. */
  private void startCheckingFiles() {
    if (DaemonThreads.start(JobThreads.NAME, this::checkFiles)) {
      timer.remove(RELOAD);
    }
  }

  private void checkFiles() {
    while (files.await() != null) {
      try {
        jobs.reload(this::use);
      } catch (RuntimeException | Error bug) {
        LOG.error("the job {} failed; this is a bug in Portcurfew", RELOAD, bug);
      }
    }
  }

  /**
   * A scan that was due while this one ran follows it, unless that took longer than the interval.
   */
  private void scan() {
    Duration began = Ticker.SYSTEM.elapsed();
    jobs.scan();
    if (times instanceof ScanTimes.Every every) {
      long dropped = timer.drop(SCAN, began.plus(every.interval()));
      if (dropped > 0) {
        jobs.skipped(dropped);
      }
    }
  }

  private void scanByCron() {
    if (Ticker.SYSTEM.since(cronFired).compareTo(LATE) > 0) {
      jobs.skipped(1);
    } else {
      scan();
    }
  }

  /** Runs a job once more, as soon as it is not running. */
  void now(String name) {
    (name.equals(RELOAD) ? files : timer).request(name);
  }

  /** A job whose times have changed runs at once, and the scan in any case. */
  private void use(ConfigChange next) {
    next.scanTimes().ifPresent(this::plan);
    next.crossCheckInterval()
        .ifPresent(
            every -> {
              timer.set(CROSS_CHECK, IntervalTimer.TimerPace.every(every));
              now(CROSS_CHECK);
            });
    useBundle(next);
    now(SCAN);
  }

  /** Every reload looks for a new bundle, so an admin need not wait for the interval. */
  private void useBundle(ConfigChange next) {
    Optional<Duration> every = ConfigChange.bundleInterval(next.after().config());
    if (every.isEmpty()) {
      timer.remove(BUNDLE);
    } else if (!every.equals(ConfigChange.bundleInterval(next.before().config()))) {
      timer.set(BUNDLE, IntervalTimer.TimerPace.within(every.get()));
    }
    now(BUNDLE);
  }

  /** The moment of a scan is random, unless a cron expression gives it. */
  private synchronized void plan(ScanTimes next) {
    CronTimer before = cron;
    if (next instanceof ScanTimes.Cron by) {
      cron = CronTimer.start(by.expression(), this::fireByCron);
      timer.remove(SCAN);
      timer.set(CLOCK, IntervalTimer.TimerPace.every(CLOCK_EVERY));
    } else {
      cron = null;
      timer.remove(CLOCK);
      timer.set(SCAN, IntervalTimer.TimerPace.around(((ScanTimes.Every) next).interval()));
    }
    times = next;
    if (before != null) {
      before.close();
    }
  }

  private void fireByCron() {
    cronFired = Ticker.SYSTEM.elapsed();
    now(SCAN_BY_CRON);
  }

  /**
   * Plans a cron expression again after the clock was set, because its planned time may not come.
   */
  private void watchClock() {
    if (times instanceof ScanTimes.Cron && jumps.next().isPresent() && planCronAgain()) {
      now(SCAN);
    }
  }

  /** Under the lock, so that a reload which plans other times meanwhile is not undone. */
  private synchronized boolean planCronAgain() {
    if (times instanceof ScanTimes.Cron by) {
      plan(by);
      return true;
    }
    return false;
  }

  /** Ends at once, but for a running job. */
  @Override
  public void close() {
    timer.close();
    files.close();
    threads.close();
    closeCron();
  }

  private synchronized void closeCron() {
    CronTimer open = cron;
    if (open != null) {
      open.close();
    }
    cron = null;
  }
}
