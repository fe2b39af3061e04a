package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobThreadsTest {

  private final BlockingQueue<Thread> ran = new LinkedBlockingQueue<>();

  private Thread next() throws InterruptedException {
    Thread thread = ran.poll(20, TimeUnit.SECONDS);
    assertThat(thread).isNotNull();
    return thread;
  }

  @Test
  void jobAskedForWhileItRuns_runsOnceMore() throws Exception {
    try (JobThreads threads = new JobThreads()) {
      Semaphore end = new Semaphore(0);
      Runnable job =
          () -> {
            ran.add(Thread.currentThread());
            end.acquireUninterruptibly();
          };
      threads.run("job", job);
      Thread first = next();
      threads.run("job", job);
      threads.run("job", job);
      end.release(2);
      assertThat(next()).isSameAs(first);
      CountDownLatch after = new CountDownLatch(1);
      threads.run("other", after::countDown);
      assertThat(after.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(ran).isEmpty();
    }
  }

  @Test
  void jobThatHangs_delaysNoOther() throws Exception {
    try (JobThreads threads = new JobThreads()) {
      Semaphore end = new Semaphore(0);
      threads.run("hangs", end::acquireUninterruptibly);
      threads.run("job", () -> ran.add(Thread.currentThread()));
      assertThat(next().getName()).isEqualTo("portcurfew-job");
      end.release();
    }
  }

  @Test
  void failingJobAskedForWhileItRuns_runsOnceMore() throws Exception {
    try (JobThreads threads = new JobThreads()) {
      Semaphore end = new Semaphore(0);
      Runnable failing =
          () -> {
            ran.add(Thread.currentThread());
            end.acquireUninterruptibly();
            throw new IllegalStateException("a bug");
          };
      threads.run("job", failing);
      next();
      threads.run("job", failing);
      end.release(2);
      next();
    }
  }
}
