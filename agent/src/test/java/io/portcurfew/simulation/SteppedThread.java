package io.portcurfew.simulation;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A thread that runs only while the simulation lets it, from one wait to the next. */
final class SteppedThread {

  /** Longer than any computation between two waits, even on a busy machine. */
  private static final long MOST_SECONDS = 120;

  private static final ExecutorService POOL =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "simulation");
            thread.setDaemon(true);
            return thread;
          });

  private final String name;
  private final Runnable work;
  private final Consumer<Throwable> death;
  private final Semaphore turn = new Semaphore(0);
  private final Semaphore returned = new Semaphore(0);
  private volatile Thread thread;
  private volatile boolean ended;
  private volatile boolean interrupted;
  private volatile BooleanSupplier until;
  private volatile Duration deadline;

  SteppedThread(String name, Runnable work, Consumer<Throwable> death) {
    this.name = name;
    this.work = work;
    this.death = death;
  }

  String name() {
    return name;
  }

  boolean hasEnded() {
    return ended;
  }

  /** The end of its wait; null if it does not wait. */
  Duration deadline() {
    return until == null ? null : deadline;
  }

  boolean canGoOn(Duration now, boolean killed) {
    BooleanSupplier condition = until;
    return condition == null
        || killed
        || interrupted
        || (thread != null && thread.isInterrupted())
        || now.compareTo(deadline) >= 0
        || condition.getAsBoolean();
  }

  /** Runs until it waits again or ends. */
  void goOn() {
    if (thread == null && !ended) {
      POOL.execute(this::run);
    }
    turn.release();
    try {
      if (!returned.tryAcquire(MOST_SECONDS, TimeUnit.SECONDS)) {
        Thread stuck = thread;
        AssertionError error = new AssertionError("thread " + name + " is stuck");
        if (stuck != null) {
          error.setStackTrace(stuck.getStackTrace());
        }
        throw error;
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void run() {
    thread = Thread.currentThread();
    turn.acquireUninterruptibly();
    if (interrupted) {
      thread.interrupt();
    }
    try {
      work.run();
    } catch (Throwable uncaught) {
      death.accept(uncaught);
    } finally {
      ended = true;
      // The real thread is used again.
      Thread.interrupted();
      returned.release();
    }
  }

  /** Called on its own thread. */
  void waitFor(BooleanSupplier condition, Duration end) {
    until = condition;
    deadline = end;
    returned.release();
    turn.acquireUninterruptibly();
    until = null;
  }

  void interrupt() {
    interrupted = true;
    Thread running = thread;
    if (running != null && !ended) {
      running.interrupt();
    }
  }
}
