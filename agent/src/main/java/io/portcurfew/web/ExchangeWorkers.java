package io.portcurfew.web;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs each exchange on a thread, of which there are at most {@link #MOST}, and for no longer than
 * a time limit. An idle server has none of these threads.
 *
 * <p>The JDK's server reads a request on the thread that answers it, so a client that sends half a
 * header holds a thread, and a few of them would hold all. Therefore, when every thread is at work,
 * the exchange that began first makes way for the new one, as one does that takes too long: its
 * thread is interrupted, which closes its channel ({@link java.nio.channels.InterruptibleChannel}).
 * An honest scrape takes milliseconds and is not the first of many while slow clients are there.
 */
final class ExchangeWorkers implements Executor, AutoCloseable {

  static final int MOST = 16;

  /** Exchanges that wait for the thread of one that is just making way; more are refused. */
  private static final int WAITING = 256;

  private static final int STACK_BYTES = 256 * 1024;

  private static final int MILLIS_KEPT = 1_000;

  private final ThreadPoolExecutor pool;
  private final ScheduledThreadPoolExecutor timer;
  private final Duration limit;
  private final Deque<Work> working = new ArrayDeque<>();
  private long givenUp;

  /**
   * @param limit how long an exchange may take, from the first byte of the request to the last of
   *     the answer
   */
  ExchangeWorkers(Duration limit) {
    this.limit = limit;
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            MOST,
            MOST,
            MILLIS_KEPT,
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> thread(task, "web-" + number.incrementAndGet()));
    pool.allowCoreThreadTimeOut(true);
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> thread(task, "portcurfew-web-limit"),
            // An exchange that begins as the server ends is ended with it.
            new ThreadPoolExecutor.DiscardPolicy());
    timer.setKeepAliveTime(MILLIS_KEPT, TimeUnit.MILLISECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true);
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(null, task, name, STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Never blocks.
   *
   * @throws RejectedExecutionException where too many wait; the server then closes the connection
   */
  @Override
  public void execute(Runnable exchange) {
    Work work = new Work(exchange);
    begin(work);
    try {
      pool.execute(work);
    } catch (RejectedExecutionException full) {
      end(work);
      throw full;
    }
  }

  private synchronized void begin(Work work) {
    if (working.size() >= MOST) {
      working.remove().giveUp();
      givenUp++;
    }
    working.add(work);
  }

  private synchronized void end(Work work) {
    working.remove(work);
  }

  private Future<?> endOf(Work work) {
    try {
      return timer.schedule(work::giveUp, limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (OutOfMemoryError noThread) {
      // It still makes way where others want its thread.
      return CompletableFuture.completedFuture(null);
    }
  }

  /** How many exchanges had to make way so far. */
  synchronized long givenUp() {
    return givenUp;
  }

  @Override
  public void close() {
    pool.shutdownNow();
    timer.shutdownNow();
  }

  private final class Work implements Runnable {

    private final Runnable exchange;
    private @Nullable Thread thread;
    private boolean tooLate;

    Work(Runnable exchange) {
      this.exchange = exchange;
    }

    @Override
    public void run() {
      starts(Thread.currentThread());
      Future<?> end = endOf(this);
      try {
        exchange.run();
      } finally {
        end.cancel(false);
        ends();
        end(this);
      }
    }

    private synchronized void starts(Thread current) {
      thread = current;
      if (tooLate) {
        current.interrupt();
      }
    }

    private synchronized void ends() {
      thread = null;
      // An interrupt that came after the last byte must not reach the next exchange.
      Thread.interrupted();
    }

    synchronized void giveUp() {
      tooLate = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
