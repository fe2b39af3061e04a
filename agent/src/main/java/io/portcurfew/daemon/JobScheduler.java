package io.portcurfew.daemon;

import io.portcurfew.config.ScanTimes;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.quartz.CronExpression;
import org.quartz.CronScheduleBuilder;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.DirectSchedulerFactory;
import org.quartz.listeners.TriggerListenerSupport;
import org.quartz.simpl.RAMJobStore;

/**
 * Schedules all jobs. Only this class and {@link QuartzThreads} use Quartz. No job runs twice at a
 * time. A scan that is late because the previous one took too long is skipped and counted; other
 * jobs run late.
 */
public final class JobScheduler implements AutoCloseable {

  /** The name of the job that scans. */
  static final String SCAN = "scan";

  /** The name of the job that compares all sources. */
  static final String CROSS_CHECK = "cross-check";

  /** The name of the job that reads changed files. */
  static final String RELOAD = "reload";

  /** A changed file is read at the second run that sees it, so within twice this time. */
  private static final Duration RELOAD_EVERY = Duration.ofSeconds(2);

  /** How late a scan may start before it is skipped. */
  private static final Duration LATE = Duration.ofMillis(500);

  private final Scheduler scheduler;
  private final QuartzThreads threads;
  private final Jobs jobs;

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

    /** Counts scans that were skipped. */
    void skipped(long scans);
  }

  private JobScheduler(Scheduler scheduler, QuartzThreads threads, Jobs jobs) {
    this.scheduler = scheduler;
    this.threads = threads;
    this.jobs = jobs;
  }

  /** Plans the jobs; each runs once as soon as somebody {@linkplain #run() runs} this. */
  static JobScheduler start(ScanTimes times, Duration crossCheckEvery, Jobs jobs) {
    try {
      QuartzThreads threads = new QuartzThreads();
      Scheduler scheduler = scheduler(threads);
      JobScheduler started = new JobScheduler(scheduler, threads, jobs);
      scheduler.setJobFactory(
          (fired, all) -> started.next(fired.getJobDetail().getKey().getName()));
      scheduler.getListenerManager().addTriggerListener(new SkippedScans(jobs::skipped));
      add(scheduler, SCAN, trigger(times));
      add(scheduler, CROSS_CHECK, every(crossCheckEvery));
      add(scheduler, RELOAD, every(RELOAD_EVERY));
      scheduler.start();
      return started;
    } catch (SchedulerException e) {
      throw new IllegalStateException("cannot start the scheduler", e);
    }
  }

  private OneAtATime next(String name) {
    threads.next(name.equals(SCAN));
    return new OneAtATime(
        switch (name) {
          case SCAN -> jobs::scan;
          case CROSS_CHECK -> jobs::crossCheck;
          case RELOAD -> () -> jobs.reload(this::use);
          default -> throw new IllegalArgumentException("no such job: " + name);
        });
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
    next.scanTimes().ifPresent(times -> change(() -> reschedule(SCAN, trigger(times))));
    next.crossCheckInterval()
        .ifPresent(every -> change(() -> reschedule(CROSS_CHECK, every(every))));
    now(SCAN);
  }

  private void reschedule(String name, Trigger trigger) throws SchedulerException {
    scheduler.rescheduleJob(TriggerKey.triggerKey(name), named(name, trigger));
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

  /** The time until the second scan from now is due; empty if there is none. */
  static Optional<Duration> untilTheSecond(ScanTimes times, Instant now) {
    if (times instanceof ScanTimes.Every every) {
      return Optional.of(every.interval().multipliedBy(2));
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

  private static void add(Scheduler scheduler, String name, Trigger trigger)
      throws SchedulerException {
    scheduler.scheduleJob(
        JobBuilder.newJob(OneAtATime.class).withIdentity(name).build(), named(name, trigger));
    if (name.equals(SCAN)) {
      // The first scan is never skipped, however long the start takes.
      scheduler.triggerJob(JobKey.jobKey(name));
    }
  }

  private static Trigger named(String name, Trigger trigger) {
    return trigger.getTriggerBuilder().withIdentity(name).build();
  }

  private static Trigger trigger(ScanTimes times) {
    if (times instanceof ScanTimes.Cron cron) {
      return TriggerBuilder.newTrigger()
          .withSchedule(
              CronScheduleBuilder.cronSchedule(cron.expression())
                  .withMisfireHandlingInstructionDoNothing())
          .build();
    }
    Duration interval = ((ScanTimes.Every) times).interval();
    return TriggerBuilder.newTrigger()
        .startAt(Date.from(Instant.now().plus(interval)))
        .withSchedule(simple(interval).withMisfireHandlingInstructionNextWithRemainingCount())
        .build();
  }

  private static Trigger every(Duration interval) {
    // A long scan makes other jobs late; they must not be skipped for that.
    return TriggerBuilder.newTrigger()
        .withSchedule(simple(interval).withMisfireHandlingInstructionNowWithRemainingCount())
        .build();
  }

  private static SimpleScheduleBuilder simple(Duration interval) {
    return SimpleScheduleBuilder.simpleSchedule()
        .withIntervalInMilliseconds(interval.toMillis())
        .repeatForever();
  }

  /** Ends at once; the owner of its thread interrupts a running job. */
  @Override
  public void close() {
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
        skipped.accept(missed(trigger));
      }
    }

    private static long missed(Trigger trigger) {
      if (trigger instanceof SimpleTrigger simple) {
        long late =
            System.currentTimeMillis() - trigger.getNextFireTime().toInstant().toEpochMilli();
        return 1 + Math.max(0, late) / simple.getRepeatInterval();
      }
      return 1;
    }
  }
}
