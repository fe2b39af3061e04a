package io.portcurfew.daemon;

import io.portcurfew.config.ScanTimes;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
import org.quartz.SimpleScheduleBuilder;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.DirectSchedulerFactory;
import org.quartz.listeners.TriggerListenerSupport;
import org.quartz.simpl.RAMJobStore;

/**
 * When what is done: with {@link QuartzThreads} all that knows Quartz. No job runs twice at a time.
 * A scan that is late because the last one took too long is skipped and counted; anything else that
 * is late is done late.
 */
public final class JobScheduler implements AutoCloseable {

  /** The name of the job that looks. */
  static final String SCAN = "scan";

  private static final String CROSS_CHECK = "cross-check";

  /**
   * How late a run may start before it is skipped: the next one is then closer than what was
   * missed.
   */
  private static final Duration LATE = Duration.ofMillis(500);

  private final Scheduler scheduler;
  private final Map<String, Runnable> jobs;
  private final QuartzThreads threads;

  private JobScheduler(Scheduler scheduler, Map<String, Runnable> jobs, QuartzThreads threads) {
    this.scheduler = scheduler;
    this.jobs = jobs;
    this.threads = threads;
  }

  /**
   * Plans both jobs; each runs once as soon as somebody {@linkplain #run() runs} this.
   *
   * @param skipped told how many scans were skipped, each time some were
   */
  static JobScheduler start(
      ScanTimes times,
      Duration crossCheckEvery,
      Runnable scan,
      Runnable crossCheck,
      LongConsumer skipped) {
    try {
      QuartzThreads threads = new QuartzThreads();
      Scheduler scheduler = scheduler(threads);
      Map<String, Runnable> jobs =
          new ConcurrentHashMap<>(Map.of(SCAN, scan, CROSS_CHECK, crossCheck));
      scheduler.setJobFactory(
          (fired, all) -> {
            String name = fired.getJobDetail().getKey().getName();
            threads.next(name.equals(SCAN));
            return new OneAtATime(jobs.get(name));
          });
      scheduler.getListenerManager().addTriggerListener(new Skipped(skipped));
      add(scheduler, SCAN, trigger(times));
      add(scheduler, CROSS_CHECK, every(crossCheckEvery));
      scheduler.start();
      return new JobScheduler(scheduler, jobs, threads);
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz does not start", e);
    }
  }

  /** Does what is planned, on the thread of the caller, until this is closed. */
  void run() {
    threads.run();
  }

  /** Runs something else too, at once and again and again. */
  void repeat(String name, Duration every, Runnable job) {
    jobs.put(name, job);
    change(() -> add(scheduler, name, every(every)));
  }

  /** Runs a job once more, as soon as it is not running. */
  void now(String name) {
    change(() -> scheduler.triggerJob(JobKey.jobKey(name)));
  }

  /** Scans at other times from now on, and at once. */
  void scanAt(ScanTimes times) {
    change(() -> reschedule(SCAN, trigger(times)));
    now(SCAN);
  }

  /** Compares the sources at another interval from now on, and at once. */
  void crossCheckEvery(Duration interval) {
    change(() -> reschedule(CROSS_CHECK, every(interval)));
  }

  private void reschedule(String name, Trigger trigger) throws SchedulerException {
    scheduler.rescheduleJob(TriggerKey.triggerKey(name), named(name, trigger));
  }

  /** Something that Quartz refuses only by a fault of ours. */
  private interface Step {
    void run() throws SchedulerException;
  }

  private static void change(Step step) {
    try {
      step.run();
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz does not change the schedule", e);
    }
  }

  /** Why this is no cron expression in Quartz's form; nothing where it is one. */
  public static Optional<String> cronProblem(String expression) {
    try {
      Date next = new CronExpression(expression).getNextValidTimeAfter(Date.from(Instant.now()));
      return next == null ? Optional.of("its time never comes") : Optional.empty();
    } catch (ParseException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** How long it is until the second scan from now is due; nothing where there is none. */
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
      throw new IllegalStateException("the config let this pass: " + expression, e);
    }
  }

  private static Scheduler scheduler(QuartzThreads threads) throws SchedulerException {
    DirectSchedulerFactory factory = DirectSchedulerFactory.getInstance();
    String name = "portcurfew-" + UUID.randomUUID();
    RAMJobStore jobs = new RAMJobStore();
    jobs.setMisfireThreshold(LATE.toMillis());
    // Of its many forms the shorter ones forget whose the threads are (Quartz 2.5.2).
    factory.createScheduler(
        name, name, threads, threads, jobs, Map.of(), null, 0, -1, -1, false, null, 1, 0);
    return factory.getScheduler(name);
  }

  private static void add(Scheduler scheduler, String name, Trigger trigger)
      throws SchedulerException {
    scheduler.scheduleJob(
        JobBuilder.newJob(OneAtATime.class).withIdentity(name).build(), named(name, trigger));
    if (name.equals(SCAN)) {
      // The first one is never skipped, however long the rest of the start takes.
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
    // A scan that takes long makes others late; they are not to be left out for that.
    return TriggerBuilder.newTrigger()
        .withSchedule(simple(interval).withMisfireHandlingInstructionNowWithRemainingCount())
        .build();
  }

  private static SimpleScheduleBuilder simple(Duration interval) {
    return SimpleScheduleBuilder.simpleSchedule()
        .withIntervalInMilliseconds(interval.toMillis())
        .repeatForever();
  }

  /** Ends at once; a run that is under way is interrupted by whoever owns its thread. */
  @Override
  public void close() {
    try {
      scheduler.shutdown(false);
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz does not end", e);
    }
  }

  /** Runs one of the jobs. */
  @DisallowConcurrentExecution
  static final class OneAtATime implements Job {
    private final Runnable work;

    OneAtATime(@Nullable Runnable work) {
      this.work = Objects.requireNonNull(work);
    }

    @Override
    public void execute(JobExecutionContext context) {
      work.run();
    }
  }

  /** Counts the scans that a misfire leaves out; one that was asked for beside them is not left. */
  private static final class Skipped extends TriggerListenerSupport {
    private final LongConsumer skipped;

    Skipped(LongConsumer skipped) {
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
