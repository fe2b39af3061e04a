package io.portcurfew.observe.linux.events;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Checks the threads of events while they read processes, and sleeps while they do not. */
final class EventWatch {

  /** The time between two checks, a little more than counts as one. */
  private static final Duration CHECK = Duration.ofMillis(300);

  private volatile @Nullable Thread watcher;
  private volatile boolean sleeps;
  private volatile boolean ended;

  /** A thread reads processes from now on. */
  void wake() {
    if (sleeps) {
      sleeps = false;
      LockSupport.unpark(watcher);
    }
  }

  /**
   * Checks the threads until the end; on a thread of its own.
   *
   * @param threads each with what starts the next one
   */
  void run(Map<EventThread, BooleanSupplier> threads) {
    watcher = Thread.currentThread();
    while (!ended) {
      LockSupport.parkNanos(this, CHECK.toNanos());
      threads.forEach(EventThread::check);
      // First, so that a thread which begins meanwhile either is seen or wakes this one.
      sleeps = true;
      if (threads.keySet().stream().anyMatch(EventThread::isBusy)) {
        sleeps = false;
      }
      while (sleeps && !ended) {
        LockSupport.park(this);
      }
    }
  }

  /** Ends the checks; from any thread. */
  void end() {
    ended = true;
    LockSupport.unpark(watcher);
  }
}
