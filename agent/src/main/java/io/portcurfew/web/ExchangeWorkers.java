package io.portcurfew.web;

import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Runs each exchange on one of at most {@link #MOST} threads and within a time limit. An idle
 * server has none of these threads.
 *
 * <p>The JDK's server reads a request on the thread that answers it, so a client that sends half a
 * header holds a thread, and a few such clients could hold all. Therefore, if every thread is busy,
 * one of the {@link RunningExchanges} makes way for the new one, and so does one that exceeds the
 * limit.
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
  private final RunningExchanges running;
  private final AtomicInteger delayed = new AtomicInteger();
  private final FloodPace pace = new FloodPace();

  /**
   * @param limit the longest time from the first byte of a request to the last of its response
   * @param givenUp runs each time an exchange makes way for another; it must not wait
   */
  ExchangeWorkers(Duration limit, Runnable givenUp) {
    this.limit = limit;
    this.running = new RunningExchanges(givenUp);
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
   * Called by the thread that accepts connections.
   *
   * @throws RejectedExecutionException if too many wait; the server then closes the connection
   */
  @Override
  public void execute(Runnable work) {
    waitForPace();
    start(work);
  }

  /** Blocks only while a flood lasts, for at most {@link FloodPace#SPACE}. */
  void waitForPace() {
    LockSupport.parkNanos(pace.pause(Ticker.SYSTEM.elapsed()).toNanos());
  }

  /** As {@link #execute}, but at once. */
  void start(Runnable work) {
    RunningExchanges.Exchange exchange = new RunningExchanges.Exchange();
    running.begin(exchange);
    try {
      pool.execute(() -> run(work, exchange));
    } catch (RejectedExecutionException full) {
      running.end(exchange);
      throw full;
    }
  }

  private void run(Runnable work, RunningExchanges.Exchange exchange) {
    exchange.starts();
    Future<?> end = timeout(exchange);
    try {
      work.run();
    } finally {
      end.cancel(false);
      exchange.ends();
      running.end(exchange);
    }
  }

  private Future<?> timeout(RunningExchanges.Exchange exchange) {
    return DaemonThreads.<Future<?>>call(
            () -> timer.schedule(exchange::giveUp, limit.toMillis(), TimeUnit.MILLISECONDS))
        // Without a timer it still makes way for others.
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  /** Notes that a client of a flood was refused. */
  void slowDown() {
    pace.refused(Ticker.SYSTEM.elapsed());
  }

  /**
   * Runs the work after a delay; no thread waits for it.
   *
   * @return false if too many wait already, or no thread could be started
   */
  boolean executeLater(Duration delay, Runnable work) {
    if (delayed.incrementAndGet() > MOST_DELAYED) {
      delayed.decrementAndGet();
      slowDown();
      return false;
    }
    Runnable due =
        () -> {
          delayed.decrementAndGet();
          start(work);
        };
    return callLater(delay, due);
  }

  /**
   * Calls a step that does not wait, after a delay.
   *
   * @return false if no thread could be started
   */
  boolean callLater(Duration delay, Runnable step) {
    return DaemonThreads.<Future<?>>call(
            () -> timer.schedule(step, delay.toMillis(), TimeUnit.MILLISECONDS))
        .isPresent();
  }

  /** As {@link RunningExchanges#answers}. */
  void answers(Object address, Supplier<Object> peer) {
    running.answers(address, peer);
  }

  @Override
  public void close() {
    pool.shutdownNow();
    timer.shutdownNow();
  }
}
