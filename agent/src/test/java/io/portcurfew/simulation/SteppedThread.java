package io.portcurfew.simulation;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
  private final Semaphore returned = new Semaphore(0);
  private volatile Thread thread;
  private volatile boolean hasTurn;
  private volatile boolean ended;
  // True while it waits, after an interrupt; also if that came before its start.
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
        || isInterrupted()
        || now.compareTo(deadline) >= 0
        || condition.getAsBoolean();
  }

  /** The flag of the thread comes first: the thread sets the other one before it clears that. */
  private boolean isInterrupted() {
    Thread waiting = thread;
    return (waiting != null && waiting.isInterrupted()) || interrupted;
  }

  /** Runs until it waits again or ends. */
  void goOn() {
    hasTurn = true;
    if (thread == null) {
      POOL.execute(this::run);
    } else {
      LockSupport.unpark(thread);
    }
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
    awaitTurn();
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
    awaitTurn();
    until = null;
  }

  /** An interrupt meanwhile stays visible to {@link #canGoOn} until the turn has come. */
  private void awaitTurn() {
    while (!hasTurn) {
      LockSupport.park(this);
      if (Thread.currentThread().isInterrupted()) {
        interrupted = true;
        Thread.interrupted();
      }
    }
    hasTurn = false;
    if (interrupted) {
      interrupted = false;
      Thread.currentThread().interrupt();
    }
  }

  void interrupt() {
    Thread running = thread;
    if (running == null) {
      interrupted = true;
    } else if (!ended) {
      running.interrupt();
    }
  }
}
