package io.portcurfew.observe.linux.events;

import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks the threads of events while they read processes, on a thread of its own. That thread ends
 * when none of them has read for a while, so that an idle agent does not have it.
 */
final class EventWatch {

  /** The time between two checks, a little more than counts as one. */
  private static final Duration CHECK = Duration.ofMillis(300);

  /** Events often come in groups, and to start a thread takes 0.1 ms. */
  private static final Duration REST = Duration.ofSeconds(10);

  private final Duration rest;
  private final AtomicReference<@Nullable Thread> watcher = new AtomicReference<>();
  private volatile Map<EventThread, BooleanSupplier> threads = Map.of();
  private volatile boolean sleeps;
  private volatile boolean ended;

  EventWatch() {
    this(REST);
  }

  /**
   * The same.
   *
   * @param rest the time without a read after which the thread ends
   */
  EventWatch(Duration rest) {
    this.rest = rest;
  }

  /**
   * Checks these threads from now on.
   *
   * @param all each with what starts the next one
   */
  void use(Map<EventThread, BooleanSupplier> all) {
    threads = all;
  }

  /** A thread reads processes from now on. */
  void wake() {
    Thread thread = watcher.get();
    if (thread == null) {
      start();
    } else if (sleeps) {
      sleeps = false;
      LockSupport.unpark(thread);
    }
  }

  /** The same if a thread reads now: no thread could be started when it began, perhaps. */
  void wakeIfBusy() {
    if (isAnyBusy()) {
      wake();
    }
  }

  /** Returns the thread of the checks, or {@code null} while none is needed. */
  @Nullable Thread thread() {
    return watcher.get();
  }

  private void start() {
    Thread thread = DaemonThreads.of("portcurfew-event-watch", this::run);
    if (!ended && watcher.compareAndSet(null, thread) && !DaemonThreads.start(thread)) {
      watcher.set(null);
    }
  }

  private void run() {
    do {
      check();
      watcher.set(null);
      // A thread that begins now either is seen here or starts another watch.
    } while (!ended && isAnyBusy() && watcher.compareAndSet(null, Thread.currentThread()));
  }

  private void check() {
    do {
      sleeps = false;
      LockSupport.parkNanos(this, CHECK.toNanos());
      threads.forEach(EventThread::check);
      // First, so that a thread which begins meanwhile either is seen or wakes this one.
      sleeps = true;
    } while (!ended && (isAnyBusy() || isWoken()));
  }

  /** Waits for the next read; returns false if none comes for a while. */
  private boolean isWoken() {
    Duration end = Ticker.SYSTEM.elapsed().plus(rest);
    Duration left = rest;
    while (sleeps && !ended && !left.isNegative() && !left.isZero()) {
      LockSupport.parkNanos(this, left.toNanos());
      left = end.minus(Ticker.SYSTEM.elapsed());
    }
    return !sleeps;
  }

  private boolean isAnyBusy() {
    for (EventThread thread : threads.keySet()) {
      if (thread.isBusy()) {
        return true;
      }
    }
    return false;
  }

  /** Ends the checks; from any thread. */
  void end() {
    ended = true;
    LockSupport.unpark(watcher.get());
  }
}
