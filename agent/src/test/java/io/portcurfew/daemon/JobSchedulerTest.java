package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.policy.Policy;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.SampleConfigs;
import io.portcurfew.tags.HeavyLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobSchedulerTest {

  private static final Duration HOUR = Duration.ofHours(1);

  /** Jobs that do what the test says; a reload changes nothing unless the test says so. */
  private record TestJobs(
      Runnable onScan,
      Runnable onCrossCheck,
      Consumer<Consumer<ConfigChange>> onReload,
      LongConsumer onSkipped)
      implements JobScheduler.Jobs {

    TestJobs(Runnable onScan, Runnable onCrossCheck, LongConsumer onSkipped) {
      this(onScan, onCrossCheck, change -> {}, onSkipped);
    }

    @Override
    public void scan() {
      onScan.run();
    }

    @Override
    public void crossCheck() {
      onCrossCheck.run();
    }

    @Override
    public void reload(Consumer<ConfigChange> change) {
      onReload.accept(change);
    }

    @Override
    public void updateBundle() {}

    @Override
    public void skipped(long scans) {
      onSkipped.accept(scans);
    }
  }

  private static JobScheduler started(ScanTimes times, Duration every, JobScheduler.Jobs jobs) {
    JobScheduler schedule = JobScheduler.start(SampleConfigs.with(times, every), jobs);
    new Thread(schedule::run, "schedule").start();
    return schedule;
  }

  private static JobScheduler started(
      ScanTimes times, Duration every, Runnable scan, Runnable crossCheck, LongConsumer skipped) {
    return started(times, every, new TestJobs(scan, crossCheck, skipped));
  }

  @Test
  void jobsRunAtOnceAndScansRepeat() throws Exception {
    CountDownLatch scans = new CountDownLatch(3);
    CountDownLatch crossChecks = new CountDownLatch(1);
    ScanTimes often = new ScanTimes.Every(Duration.ofMillis(100));
    try (JobScheduler schedule =
        started(often, HOUR, scans::countDown, crossChecks::countDown, skipped -> {})) {
      assertThat(schedule).isNotNull();
      assertThat(scans.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(crossChecks.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void scansRunOnTheThreadOfTheCaller() throws Exception {
    BlockingQueue<String> scanned = new LinkedBlockingQueue<>();
    BlockingQueue<String> compared = new LinkedBlockingQueue<>();
    Runnable scan = () -> scanned.add(Thread.currentThread().getName());
    Runnable crossCheck = () -> compared.add(Thread.currentThread().getName());
    ScanTimes hourly = new ScanTimes.Every(HOUR);
    try (JobScheduler schedule = started(hourly, HOUR, scan, crossCheck, skipped -> {})) {
      assertThat(schedule).isNotNull();
      assertThat(scanned.take()).isEqualTo("schedule");
      assertThat(compared.take()).isEqualTo("portcurfew-job");
    }
  }

  @Test
  void firstScanIsNotSkippedAfterASlowStart() throws Exception {
    CountDownLatch scans = new CountDownLatch(1);
    AtomicLong skipped = new AtomicLong();
    ScanTimes hourly = new ScanTimes.Every(HOUR);
    try (JobScheduler schedule =
        JobScheduler.start(
            SampleConfigs.with(hourly, HOUR),
            new TestJobs(scans::countDown, () -> {}, skipped::addAndGet))) {
      LockSupport.parkNanos(Duration.ofMillis(600).toNanos());
      new Thread(schedule::run, "schedule").start();
      assertThat(scans.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(skipped).hasValue(0);
    }
  }

  @Test
  void aScanByCronRunsAtOnceToo() throws Exception {
    CountDownLatch scans = new CountDownLatch(1);
    ScanTimes yearly = new ScanTimes.Cron("0 0 0 1 1 ?");
    try (JobScheduler schedule = started(yearly, HOUR, scans::countDown, () -> {}, skipped -> {})) {
      assertThat(schedule).isNotNull();
      assertThat(scans.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void lateScans_areSkippedAndCounted() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicLong skipped = new AtomicLong();
    CountDownLatch counted = new CountDownLatch(2);
    Runnable slow =
        () -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
          running.decrementAndGet();
        };
    ScanTimes often = new ScanTimes.Every(Duration.ofMillis(20));
    try (JobScheduler schedule =
        started(
            often,
            HOUR,
            slow,
            () -> {},
            more -> {
              skipped.addAndGet(more);
              counted.countDown();
            })) {
      assertThat(schedule).isNotNull();
      assertThat(counted.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(most).hasValue(1);
    assertThat(skipped.get()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void secondScanIsAtMostFourIntervalsAway() {
    Instant now = Instant.parse("2026-11-23T12:00:30Z");
    assertThat(CronTimer.untilTheSecond(new ScanTimes.Every(Duration.ofSeconds(10)), now))
        .contains(Duration.ofSeconds(40));
    assertThat(CronTimer.untilTheSecond(new ScanTimes.Cron("0 */5 * * * ?"), now))
        .contains(Duration.ofSeconds(9 * 60 + 30));
    assertThat(CronTimer.untilTheSecond(new ScanTimes.Cron("0 0 0 1 1 ? 2027"), now)).isEmpty();
  }

  @Test
  void otherTimesHoldFromNowOn() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch scans = new CountDownLatch(4);
    Runnable scan =
        () -> {
          first.countDown();
          scans.countDown();
        };
    CountDownLatch crossChecks = new CountDownLatch(4);
    ScanTimes never = new ScanTimes.Cron("0 0 0 1 1 ?");
    AtomicReference<ConfigChange> change = new AtomicReference<>();
    Consumer<Consumer<ConfigChange>> reload =
        use -> Optional.ofNullable(change.getAndSet(null)).ifPresent(use);
    JobScheduler.Jobs jobs = new TestJobs(scan, crossChecks::countDown, reload, skipped -> {});
    try (JobScheduler schedule = started(never, HOUR, jobs)) {
      assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();
      change.set(change(never, Duration.ofMillis(100)));
      schedule.now(JobScheduler.RELOAD);
      assertThat(scans.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(crossChecks.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** From these scan times and a cross-check each hour to both at this interval. */
  private static ConfigChange change(ScanTimes before, Duration every) {
    Policy policy = new Policy(true, List.of());
    AgentConfig old = SampleConfigs.with(before, HOUR);
    AgentConfig next = SampleConfigs.with(new ScanTimes.Every(every), every);
    return ConfigChange.to(
        SampleConfigs.loaded(policy).with(next),
        ActiveConfig.of(SampleConfigs.loaded(policy).with(old)));
  }

  @Test
  void aRequestedJobRunsOnce() throws Exception {
    Semaphore scans = new Semaphore(0);
    ScanTimes hourly = new ScanTimes.Every(HOUR);
    try (JobScheduler schedule = started(hourly, HOUR, scans::release, () -> {}, skipped -> {})) {
      assertThat(scans.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
      schedule.now(JobScheduler.SCAN);
      assertThat(scans.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(scans.availablePermits()).isZero();
  }

  /** The thread that checks the files waits for itself. */
  @Test
  void filesAreCheckedDuringALongScan() throws Exception {
    Semaphore scans = new Semaphore(0);
    Semaphore reloads = new Semaphore(0);
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    Runnable scan =
        () -> {
          scans.release();
          if (begun.incrementAndGet() > 1) {
            await(end);
          }
        };
    ScanTimes hourly = new ScanTimes.Every(HOUR);
    JobScheduler.Jobs jobs =
        new TestJobs(scan, () -> {}, change -> reloads.release(), skipped -> {});
    try (JobScheduler schedule = started(hourly, HOUR, jobs)) {
      assertThat(reloads.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
      schedule.now(JobScheduler.SCAN);
      assertThat(scans.tryAcquire(2, 60, TimeUnit.SECONDS)).isTrue();
      schedule.now(JobScheduler.RELOAD);
      assertThat(reloads.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
      end.countDown();
    }
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @HeavyLoad
  void reloadsRunAgainAndAgain() throws Exception {
    Semaphore reloads = new Semaphore(0);
    ScanTimes hourly = new ScanTimes.Every(HOUR);
    JobScheduler.Jobs jobs =
        new TestJobs(() -> {}, () -> {}, change -> reloads.release(), skipped -> {});
    try (JobScheduler schedule = started(hourly, HOUR, jobs)) {
      assertThat(schedule).isNotNull();
      assertThat(reloads.tryAcquire(2, 60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "* * * * *", "0 0 25 * * ?", "every minute", "0 0 0 1 1 ? 2020"})
  void malformedCronExpression_isAProblem(String expression) {
    assertThat(CronTimer.problem(expression)).isPresent();
  }

  @Test
  void cronExpression_isNoProblem() {
    assertThat(CronTimer.problem("0 */5 * * * ?")).isEmpty();
  }
}
