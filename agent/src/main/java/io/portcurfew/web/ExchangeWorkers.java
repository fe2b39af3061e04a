package io.portcurfew.web;

import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs each exchange on one of at most {@link #MOST} threads and within a time limit. An idle
 * server has none of these threads.
 *
 * <p>The JDK's server reads a request on the thread that answers it, so a client that sends half a
 * header holds a thread, and a few such clients could hold all. Therefore, if every thread is busy,
 * one exchange makes way for the new one, and so does one that exceeds the limit: its thread is
 * interrupted, which closes its channel ({@link java.nio.channels.InterruptibleChannel}).
 *
 * <p>A request that has not arrived makes way first, the oldest of them. One that is answered makes
 * way only if its peer has at least {@link #SHARE} of them, or all are answered: then the oldest of
 * the peer with the most. So slow readers of one user do not end the answer to another one.
 */
final class ExchangeWorkers implements Executor, AutoCloseable {

  static final int MOST = 16;

  /** The answers that one peer may have at the same time while all threads are busy. */
  static final int SHARE = MOST / 2;

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
  private final FloodPace pace = new FloodPace();
  // True while a thread looks up peers.
  private boolean looksUp;

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
    Exchange exchange = new Exchange(work);
    begin(exchange);
    try {
      pool.execute(exchange);
    } catch (RejectedExecutionException full) {
      end(exchange);
      throw full;
    }
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

  /**
   * Notes that the request of the calling thread has arrived.
   *
   * @param address the address of the client, by which answers are counted at first
   * @param peer finds the user or the address by which they are counted later; may take long
   */
  void answers(Object address, Supplier<Object> peer) {
    synchronized (this) {
      running.stream()
          .filter(Exchange::isOfThisThread)
          .forEach(
              one -> {
                one.peer = address;
                one.lookUp = peer;
              });
      if (looksUp || running.size() < SHARE) {
        return;
      }
      looksUp = true;
    }
    if (!DaemonThreads.start("portcurfew-web-peers", this::lookUpPeers)) {
      endLookUp();
    }
  }

  /** Never under the lock: a slow table of the kernel must not hold up an answer. */
  private void lookUpPeers() {
    Exchange next = nextUnknown();
    try {
      while (next != null) {
        next.findPeer();
        next = nextUnknown();
      }
    } finally {
      if (next != null) {
        endLookUp();
      }
    }
  }

  private synchronized @Nullable Exchange nextUnknown() {
    Exchange next = running.stream().filter(one -> one.lookUp != null).findFirst().orElse(null);
    looksUp = next != null;
    return next;
  }

  private synchronized void endLookUp() {
    looksUp = false;
  }

  private synchronized void begin(Exchange exchange) {
    if (running.size() >= MOST) {
      Exchange loser = loser();
      running.remove(loser);
      loser.giveUp();
      givenUp.run();
    }
    running.add(exchange);
  }

  /** Each list is in the order of arrival, so the first is the oldest. */
  private Exchange loser() {
    Map<Object, List<Exchange>> answered =
        running.stream()
            .filter(one -> one.peer != null)
            .collect(
                Collectors.groupingBy(
                    one -> Objects.requireNonNull(one.peer),
                    LinkedHashMap::new,
                    Collectors.toList()));
    List<Exchange> largest =
        answered.values().stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
    Optional<Exchange> unread = running.stream().filter(one -> one.peer == null).findFirst();
    return largest.size() >= SHARE || unread.isEmpty() ? largest.get(0) : unread.get();
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

    /** Set once its request has arrived. */
    private volatile @Nullable Object peer;

    /** Finds the peer, until that is known. */
    private volatile @Nullable Supplier<Object> lookUp;

    Exchange(Runnable work) {
      this.work = work;
    }

    private void findPeer() {
      Supplier<Object> asked = lookUp;
      lookUp = null;
      if (asked != null) {
        peer = asked.get();
      }
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

    synchronized boolean isOfThisThread() {
      return thread == Thread.currentThread();
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
