package io.portcurfew.daemon;

import io.portcurfew.config.ScanTimes;
import io.portcurfew.process.DaemonThreads;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.quartz.CronExpression;
import org.quartz.CronScheduleBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.DirectSchedulerFactory;
import org.quartz.simpl.RAMJobStore;
import org.quartz.spi.ThreadExecutor;
import org.quartz.spi.ThreadPool;

/**
 * Fires at the times of a cron expression, by the wall clock. Quartz waits for them on a thread
 * that exists only while a cron expression is configured.
 */
public final class CronTimer implements AutoCloseable {

  private static final String NAME = "cron";

  private final Scheduler scheduler;

  private CronTimer(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Starts to wait.
   *
   * @param expression a valid one
   * @param fire must not block
   */
  static CronTimer start(String expression, Runnable fire) {
    try {
      Scheduler scheduler = scheduler();
      scheduler.setJobFactory((fired, all) -> new Firing(fire));
      scheduler.scheduleJob(
          JobBuilder.newJob(Firing.class).withIdentity(NAME).build(),
          TriggerBuilder.newTrigger()
              .withIdentity(NAME)
              .withSchedule(
                  CronScheduleBuilder.cronSchedule(expression)
                      .withMisfireHandlingInstructionDoNothing())
              .build());
      scheduler.start();
      return new CronTimer(scheduler);
    } catch (SchedulerException e) {
      throw new IllegalStateException("cannot start the scheduler", e);
    }
  }

  /** The problem with an expression of Quartz's form; empty if it is valid. */
  public static Optional<String> problem(String expression) {
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
      // Not multipliedBy: it goes by way of BigDecimal, at each scan.
      return Optional.of(Duration.ofNanos(4 * every.interval().toNanos()));
    }
    CronExpression cron = parsed(((ScanTimes.Cron) times).expression());
    return Optional.ofNullable(cron.getNextValidTimeAfter(Date.from(now)))
        .map(cron::getNextValidTimeAfter)
        .map(second -> Duration.between(now, second.toInstant()));
  }

  private static CronExpression parsed(String expression) {
    try {
      return new CronExpression(expression);
    } catch (ParseException e) {
      throw new IllegalStateException("the config accepted this cron expression: " + expression, e);
    }
  }

  private static Scheduler scheduler() throws SchedulerException {
    DirectSchedulerFactory factory = DirectSchedulerFactory.getInstance();
    String name = "portcurfew-" + UUID.randomUUID();
    QuartzThreads threads = new QuartzThreads();
    // The shorter overloads ignore the given thread executor (Quartz 2.5.2).
    factory.createScheduler(
        name,
        name,
        threads,
        threads,
        new RAMJobStore(),
        Map.of(),
        null,
        0,
        -1,
        -1,
        false,
        null,
        1,
        0);
    return factory.getScheduler(name);
  }

  @Override
  public void close() {
    try {
      scheduler.shutdown(false);
    } catch (SchedulerException e) {
      throw new IllegalStateException("cannot stop the scheduler", e);
    }
  }

  /** Fires. */
  private record Firing(Runnable fire) implements Job {
    @Override
    public void execute(JobExecutionContext context) {
      fire.run();
    }
  }

  /**
   * The one thread of Quartz, which waits and fires. Public because Quartz calls it by reflection.
   */
  public static final class QuartzThreads implements ThreadPool, ThreadExecutor {

    private QuartzThreads() {}

    @Override
    public void execute(Thread waiting) {
      if (!DaemonThreads.start("portcurfew-cron", waiting)) {
        throw new IllegalStateException("cannot start the thread that waits for cron times");
      }
    }

    @Override
    public boolean runInThread(Runnable job) {
      job.run();
      return true;
    }

    @Override
    public int blockForAvailableThreads() {
      return 1;
    }

    @Override
    public int getPoolSize() {
      return 1;
    }

    @Override
    public void initialize() {}

    @Override
    public void shutdown(boolean waitForJobsToComplete) {}

    @Override
    public void setInstanceId(String schedInstId) {}

    @Override
    public void setInstanceName(String schedName) {}
  }
}
