package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.ScanTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobSchedulerTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private static JobScheduler started(
      ScanTimes times, Duration every, Runnable scan, Runnable crossCheck, LongConsumer skipped) {
    JobScheduler schedule = JobScheduler.start(times, every, scan, crossCheck, skipped);
    new Thread(schedule::run, "schedule").start();
    return schedule;
  }

  @Test
  void bothJobsRunAtOnceAndTheScanAgainAndAgain() throws Exception {
    CountDownLatch scans = new CountDownLatch(3);
    CountDownLatch crossChecks = new CountDownLatch(1);
    ScanTimes often = new ScanTimes.Every(Duration.ofMillis(100));
    try (JobScheduler schedule =
        started(often, HOUR, scans::countDown, crossChecks::countDown, skipped -> {})) {
      assertThat(schedule).isNotNull();
      assertThat(scans.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(crossChecks.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void scansRunOnTheThreadThatIsLentAndOthersBesideIt() throws Exception {
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
  void theFirstScanIsNotSkippedWhereTheStartTakesLong() throws Exception {
    CountDownLatch scans = new CountDownLatch(1);
    AtomicLong skipped = new AtomicLong();
    ScanTimes hourly = new ScanTimes.Every(HOUR);
    try (JobScheduler schedule =
        JobScheduler.start(hourly, HOUR, scans::countDown, () -> {}, skipped::addAndGet)) {
      LockSupport.parkNanos(Duration.ofMillis(1500).toNanos());
      new Thread(schedule::run, "schedule").start();
      assertThat(scans.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(skipped).hasValue(0);
    }
  }

  @Test
  void aScanByCronRunsAtOnceToo() throws Exception {
    CountDownLatch scans = new CountDownLatch(1);
    ScanTimes yearly = new ScanTimes.Cron("0 0 0 1 1 ?");
    try (JobScheduler schedule = started(yearly, HOUR, scans::countDown, () -> {}, skipped -> {})) {
      assertThat(schedule).isNotNull();
      assertThat(scans.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void noTwoScansRunAtOnceAndLateOnesAreSkippedAndCounted() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicLong skipped = new AtomicLong();
    CountDownLatch counted = new CountDownLatch(1);
    Runnable slow =
        () -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          LockSupport.parkNanos(Duration.ofMillis(1500).toNanos());
          running.decrementAndGet();
        };
    ScanTimes often = new ScanTimes.Every(Duration.ofMillis(200));
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
      assertThat(counted.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(most).hasValue(1);
    assertThat(skipped.get()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void theSecondScanFromNowIsTwoIntervalsOrTwoTimesOfTheCronAway() {
    Instant now = Instant.parse("2026-11-23T12:00:30Z");
    assertThat(JobScheduler.untilTheSecond(new ScanTimes.Every(Duration.ofSeconds(10)), now))
        .contains(Duration.ofSeconds(20));
    assertThat(JobScheduler.untilTheSecond(new ScanTimes.Cron("0 */5 * * * ?"), now))
        .contains(Duration.ofSeconds(9 * 60 + 30));
    assertThat(JobScheduler.untilTheSecond(new ScanTimes.Cron("0 0 0 1 1 ? 2027"), now)).isEmpty();
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
    try (JobScheduler schedule =
        started(never, HOUR, scan, crossChecks::countDown, skipped -> {})) {
      assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
      schedule.scanAt(new ScanTimes.Every(Duration.ofMillis(100)));
      schedule.crossCheckEvery(Duration.ofMillis(100));
      assertThat(scans.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(crossChecks.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatIsAskedForBesideTheTimesRunsOnce() throws Exception {
    Semaphore runs = new Semaphore(0);
    Semaphore others = new Semaphore(0);
    ScanTimes hourly = new ScanTimes.Every(HOUR);
    try (JobScheduler schedule = started(hourly, HOUR, runs::release, () -> {}, skipped -> {})) {
      assertThat(runs.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      schedule.now(JobScheduler.SCAN);
      assertThat(runs.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      schedule.repeat("other", Duration.ofMillis(100), others::release);
      assertThat(others.tryAcquire(3, 20, TimeUnit.SECONDS)).isTrue();
      assertThat(runs.availablePermits()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "* * * * *", "0 0 25 * * ?", "every minute", "0 0 0 1 1 ? 2020"})
  void whatIsNoCronExpressionIsSaidToBeNone(String expression) {
    assertThat(JobScheduler.cronProblem(expression)).isPresent();
  }

  @Test
  void aCronExpressionIsOne() {
    assertThat(JobScheduler.cronProblem("0 */5 * * * ?")).isEmpty();
  }
}
