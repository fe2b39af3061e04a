package io.portcurfew.process;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Threads of the operating system, which exist only while they have work: an idle agent has few.
 */
final class SystemThreads implements Threads {

  /** Long enough for the next task to find the thread of the one before. */
  private static final int MILLIS_KEPT = 500;

  @Override
  public ExecutorService oneByOne(String name) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            MILLIS_KEPT,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            DaemonThreads.named(name),
            new ThreadPoolExecutor.DiscardPolicy());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  @Override
  public ExecutorService parallel(String name, Duration kept) {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        kept.toMillis(),
        TimeUnit.MILLISECONDS,
        new SynchronousQueue<>(),
        DaemonThreads.numbered(name));
  }

  @Override
  public <T> T get(Future<T> task, Duration most)
      throws InterruptedException, ExecutionException, TimeoutException {
    return task.get(Math.max(0, most.toNanos()), TimeUnit.NANOSECONDS);
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }
}
