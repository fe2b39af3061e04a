package io.portcurfew.daemon;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.process.Ticker;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;
import org.quartz.CronScheduleBuilder;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.DirectSchedulerFactory;
import org.quartz.listeners.TriggerListenerSupport;
import org.quartz.simpl.RAMJobStore;

/**
 * Schedules all jobs. Only this class and {@link QuartzThreads} use Quartz, which runs the jobs and
 * knows cron expressions; intervals are those of an {@link IntervalTimer}, since Quartz waits by
 * the wall clock. No job runs twice at a time. A scan that is late because the previous one took
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

  /** A changed file is read at the second run that sees it, so within twice this time. */
  private static final Duration RELOAD_EVERY = Duration.ofSeconds(2);

  /** How late a scan may start before it is skipped. */
  private static final Duration LATE = Duration.ofMillis(500);

  private final Scheduler scheduler;
  private final QuartzThreads threads;
  private final Jobs jobs;
  private final IntervalTimer timer = new IntervalTimer(this::fire, this::watchClock);
  private final ClockJumps jumps = new ClockJumps(Clock.systemUTC(), Ticker.SYSTEM);
  private final AtomicBoolean queued = new AtomicBoolean();
  private volatile @Nullable Duration scanningSince;
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

  private JobScheduler(Scheduler scheduler, QuartzThreads threads, ScanTimes times, Jobs jobs) {
    this.scheduler = scheduler;
    this.times = times;
    this.threads = threads;
    this.jobs = jobs;
  }

  /** Plans the jobs; each runs once as soon as somebody {@linkplain #run() runs} this. */
  static JobScheduler start(AgentConfig config, Jobs jobs) {
    try {
      QuartzThreads threads = new QuartzThreads();
      Scheduler scheduler = scheduler(threads);
      JobScheduler started = new JobScheduler(scheduler, threads, config.scan(), jobs);
      scheduler.setJobFactory((fired, all) -> started.job(fired.getJobDetail().getKey().getName()));
      scheduler.getListenerManager().addTriggerListener(new SkippedScans(jobs::skipped));
      started.add(SCAN);
      started.plan(config.scan());
      started.add(CROSS_CHECK);
      started.timer.set(CROSS_CHECK, IntervalTimer.Pace.every(config.crossCheck()));
      started.add(RELOAD);
      started.timer.set(RELOAD, IntervalTimer.Pace.every(RELOAD_EVERY));
      started.add(BUNDLE);
      ConfigChange.bundleInterval(config)
          .ifPresent(every -> started.timer.set(BUNDLE, IntervalTimer.Pace.within(every)));
      scheduler.start();
      started.timer.start();
      return started;
    } catch (SchedulerException e) {
      throw new IllegalStateException("cannot start the scheduler", e);
    }
  }

  private OneAtATime job(String name) {
    threads.next(name.equals(SCAN));
    return new OneAtATime(
        switch (name) {
          case SCAN -> this::scan;
          case CROSS_CHECK -> jobs::crossCheck;
          case RELOAD -> () -> jobs.reload(this::use);
          case BUNDLE -> jobs::updateBundle;
          default -> throw new IllegalArgumentException("no such job: " + name);
        });
  }

  private void scan() {
    queued.set(false);
    scanningSince = Ticker.SYSTEM.elapsed();
    try {
      jobs.scan();
    } finally {
      scanningSince = null;
    }
  }

  /** Runs the jobs at their times, on the thread of the caller, until this is closed. */
  void run() {
    threads.run();
  }

  /** Runs a job once more, as soon as it is not running. */
  void now(String name) {
    change(() -> scheduler.triggerJob(JobKey.jobKey(name)));
  }

  /** A job whose times have changed runs at once, and the scan in any case. */
  private void use(ConfigChange next) {
    next.scanTimes().ifPresent(others -> change(() -> plan(others)));
    next.crossCheckInterval()
        .ifPresent(
            every -> {
              timer.set(CROSS_CHECK, IntervalTimer.Pace.every(every));
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
      timer.set(BUNDLE, IntervalTimer.Pace.within(every.get()));
    }
    now(BUNDLE);
  }

  /** The moment of a scan is random, unless a cron expression gives it. */
  private void plan(ScanTimes next) throws SchedulerException {
    times = next;
    scheduler.unscheduleJob(TriggerKey.triggerKey(SCAN));
    if (next instanceof ScanTimes.Cron cron) {
      timer.remove(SCAN);
      scheduler.scheduleJob(trigger(cron));
    } else {
      timer.set(SCAN, IntervalTimer.Pace.around(((ScanTimes.Every) next).interval()));
    }
  }

  /** A scan that is due while one runs follows it, unless that takes longer than the interval. */
  private void fire(String name) {
    Duration since = name.equals(SCAN) ? scanningSince : null;
    if (since != null && isLongerThanTheInterval(Ticker.SYSTEM.since(since))) {
      jobs.skipped(1);
    } else if (since == null || queued.compareAndSet(false, true)) {
      now(name);
    }
  }

  private boolean isLongerThanTheInterval(Duration scan) {
    return times instanceof ScanTimes.Every every && scan.compareTo(every.interval()) > 0;
  }

  /** The times of a cron expression are others once the clock was set; else none may come. */
  private void watchClock() {
    if (jumps.next().isPresent() && times instanceof ScanTimes.Cron cron) {
      change(() -> plan(cron));
      now(SCAN);
    }
  }

  /** A call that Quartz refuses only because of a bug in Portcurfew. */
  private interface Step {
    void run() throws SchedulerException;
  }

  private static void change(Step step) {
    try {
      step.run();
    } catch (SchedulerException e) {
      throw new IllegalStateException("cannot change the schedule", e);
    }
  }

  /** The problem with a cron expression of Quartz's form; empty if it is valid. */
  public static Optional<String> cronProblem(String expression) {
    try {
      Date next = new CronExpression(expression).getNextValidTimeAfter(Date.from(Instant.now()));
      return next == null ? Optional.of("its time never comes") : Optional.empty();
    } catch (ParseException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** The longest time until the second scan from now; empty if there is none. */
  static Optional<Duration> untilTheSecond(ScanTimes times, Instant now) {
    if (times instanceof ScanTimes.Every every) {
      return Optional.of(every.interval().multipliedBy(4));
    }
    CronExpression cron = cron(((ScanTimes.Cron) times).expression());
    return Optional.ofNullable(cron.getNextValidTimeAfter(Date.from(now)))
        .map(cron::getNextValidTimeAfter)
        .map(second -> Duration.between(now, second.toInstant()));
  }

  private static CronExpression cron(String expression) {
    try {
      return new CronExpression(expression);
    } catch (ParseException e) {
      throw new IllegalStateException("the config accepted this cron expression: " + expression, e);
    }
  }

  private static Scheduler scheduler(QuartzThreads threads) throws SchedulerException {
    DirectSchedulerFactory factory = DirectSchedulerFactory.getInstance();
    String name = "portcurfew-" + UUID.randomUUID();
    RAMJobStore jobs = new RAMJobStore();
    jobs.setMisfireThreshold(LATE.toMillis());
    // The shorter overloads ignore the given thread executor (Quartz 2.5.2).
    factory.createScheduler(
        name, name, threads, threads, jobs, Map.of(), null, 0, -1, -1, false, null, 1, 0);
    return factory.getScheduler(name);
  }

  /** Adds a job, which runs at once: the first scan is never skipped. */
  private void add(String name) throws SchedulerException {
    scheduler.addJob(
        JobBuilder.newJob(OneAtATime.class).withIdentity(name).storeDurably().build(), true);
    scheduler.triggerJob(JobKey.jobKey(name));
  }

  private static Trigger trigger(ScanTimes.Cron cron) {
    return TriggerBuilder.newTrigger()
        .withIdentity(SCAN)
        .forJob(SCAN)
        .withSchedule(
            CronScheduleBuilder.cronSchedule(cron.expression())
                .withMisfireHandlingInstructionDoNothing())
        .build();
  }

  /** Ends at once; the owner of its thread interrupts a running job. */
  @Override
  public void close() {
    timer.close();
    try {
      scheduler.shutdown(false);
    } catch (SchedulerException e) {
      throw new IllegalStateException("cannot stop the scheduler", e);
    }
  }

  /** Runs one of the jobs. */
  @DisallowConcurrentExecution
  static final class OneAtATime implements Job {
    private final Runnable job;

    OneAtATime(Runnable job) {
      this.job = job;
    }

    @Override
    public void execute(JobExecutionContext context) {
      job.run();
    }
  }

  /** Counts the scans that a misfire skips; a scan that was requested in between is not skipped. */
  private static final class SkippedScans extends TriggerListenerSupport {
    private final LongConsumer skipped;

    SkippedScans(LongConsumer skipped) {
      this.skipped = skipped;
    }

    @Override
    public String getName() {
      return "skipped";
    }

    @Override
    public void triggerMisfired(Trigger trigger) {
      if (trigger.getKey().getName().equals(SCAN)) {
        skipped.accept(1);
      }
    }
  }
}
