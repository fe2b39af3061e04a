package io.portcurfew.web;

import io.portcurfew.process.DaemonThreads;
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
 * Runs each exchange on one of at most {@link #MOST} threads and within a time limit. An idle
 * server has none of these threads.
 *
 * <p>The JDK's server reads a request on the thread that answers it, so a client that sends half a
 * header holds a thread, and a few such clients could hold all. Therefore, if every thread is busy,
 * the oldest exchange makes way for the new one, and so does one that exceeds the limit: its thread
 * is interrupted, which closes its channel ({@link java.nio.channels.InterruptibleChannel}). An
 * honest scrape takes milliseconds and is never the oldest while slow clients are there.
 */
final class ExchangeWorkers implements Executor, AutoCloseable {

  static final int MOST = 16;

  /** Exchanges that wait for a thread that is just being freed; more are refused. */
  private static final int WAITING = 256;

  /** Answers that wait for their time; a connection beyond that is closed without one. */
  static final int MOST_DELAYED = 64;

  private static final int STACK_BYTES = 256 * 1024;

  private static final int MILLIS_KEPT = 1_000;

  private final ThreadPoolExecutor pool;
  private final ScheduledThreadPoolExecutor timer;
  private final Duration limit;
  private final Deque<Exchange> running = new ArrayDeque<>();
  private final Runnable givenUp;
  private final AtomicInteger delayed = new AtomicInteger();

  /**
   * @param limit the longest time from the first byte of a request to the last of its response
   * @param givenUp runs each time an exchange makes way for another; it must not wait
   */
  ExchangeWorkers(Duration limit, Runnable givenUp) {
    this.limit = limit;
    this.givenUp = givenUp;
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            MOST,
            MOST,
            MILLIS_KEPT,
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> DaemonThreads.of("web-" + number.incrementAndGet(), task, STACK_BYTES));
    pool.allowCoreThreadTimeOut(true);
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> DaemonThreads.of("portcurfew-web-limit", task, STACK_BYTES),
            // An exchange that begins while the server closes ends with it.
            new ThreadPoolExecutor.DiscardPolicy());
    timer.setKeepAliveTime(MILLIS_KEPT, TimeUnit.MILLISECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Never blocks.
   *
   * @throws RejectedExecutionException if too many wait; the server then closes the connection
   */
  @Override
  public void execute(Runnable work) {
    Exchange exchange = new Exchange(work);
    begin(exchange);
    try {
      pool.execute(exchange);
    } catch (RejectedExecutionException full) {
      end(exchange);
      throw full;
    }
  }

  /**
   * Runs the work after a delay; no thread waits for it.
   *
   * @return false if too many wait already, or no thread could be started
   */
  boolean executeLater(Duration delay, Runnable work) {
    if (delayed.incrementAndGet() > MOST_DELAYED) {
      delayed.decrementAndGet();
      return false;
    }
    Runnable due =
        () -> {
          delayed.decrementAndGet();
          execute(work);
        };
    return DaemonThreads.<Future<?>>call(
            () -> timer.schedule(due, delay.toMillis(), TimeUnit.MILLISECONDS))
        .isPresent();
  }

  private synchronized void begin(Exchange exchange) {
    if (running.size() >= MOST) {
      running.remove().giveUp();
      givenUp.run();
    }
    running.add(exchange);
  }

  private synchronized void end(Exchange exchange) {
    running.remove(exchange);
  }

  private Future<?> timeout(Exchange exchange) {
    return DaemonThreads.<Future<?>>call(
            () -> timer.schedule(exchange::giveUp, limit.toMillis(), TimeUnit.MILLISECONDS))
        // Without a timer it still makes way for others.
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  @Override
  public void close() {
    pool.shutdownNow();
    timer.shutdownNow();
  }

  private final class Exchange implements Runnable {

    private final Runnable work;
    private @Nullable Thread thread;
    private boolean tooLate;

    Exchange(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      starts(Thread.currentThread());
      Future<?> end = timeout(this);
      try {
        work.run();
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
      // An interrupt after the last byte must not reach the next exchange.
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
