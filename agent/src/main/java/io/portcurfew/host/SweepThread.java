package io.portcurfew.host;

import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.sweep.Sweep;
import io.portcurfew.observe.sweep.SweepResult;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps on a thread of its own. The slices of the sweep alternate with scans: a scan during a
 * slice would see a port that the sweep holds for a moment and report it as a listener.
 */
final class SweepThread implements AutoCloseable {

  /** The pause after a slice, which takes some milliseconds, so scans have most of the time. */
  private static final Duration PAUSE = Duration.ofMillis(10);

  private static final Duration NO_LIMIT = Duration.ofDays(365);

  private final Sweep sweep;
  // Looks share the lock, a slice holds it alone. A slice never queues for it, or looks would queue
  // behind the slice, and so a scan behind a cross-check whose tool hangs.
  private final ReadWriteLock turn = new ReentrantReadWriteLock();
  private final Threads threads;
  private final ExecutorService thread;
  private volatile @Nullable Future<SweepResult> running;
  private volatile boolean closed;

  SweepThread(Sweep sweep, Threads threads) {
    this.sweep = sweep;
    this.threads = threads;
    this.thread = threads.oneByOne("sweep");
  }

  /** A look at the host. */
  interface LookTask<T> {
    /** Looks once. */
    T look() throws InterruptedException;
  }

  /** Looks while no slice of the sweep runs. */
  <T> T between(LookTask<T> look) throws InterruptedException {
    turn.readLock().lockInterruptibly();
    try {
      return look.look();
    } finally {
      turn.readLock().unlock();
    }
  }

  /**
   * Sweeps once and waits for the result.
   *
   * @throws InterruptedException when interrupted or closed meanwhile
   */
  SweepResult run(Snapshot seen) throws InterruptedException {
    Future<SweepResult> task = thread.submit(() -> inTurn(seen));
    running = task;
    // The sweep may have begun, and the agent may have ended, before it could be found here.
    if (closed) {
      task.cancel(true);
    }
    try {
      return threads.get(task, NO_LIMIT);
    } catch (CancellationException | TimeoutException closed) {
      throw new InterruptedException("the sweep was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException("the sweep was interrupted");
      }
      throw new IllegalStateException("the sweep failed", e.getCause());
    } finally {
      task.cancel(true);
      running = null;
    }
  }

  private SweepResult inTurn(Snapshot seen) throws InterruptedException {
    awaitTurn();
    try {
      return sweep.run(seen, this::rest);
    } finally {
      turn.writeLock().unlock();
    }
  }

  /** Takes the lock again even if it was interrupted, because the caller releases it at the end. */
  private void rest() throws InterruptedException {
    turn.writeLock().unlock();
    boolean interrupted = false;
    do {
      interrupted |= pause();
    } while (!turn.writeLock().tryLock());
    if (interrupted) {
      throw new InterruptedException("the sweep was interrupted");
    }
  }

  private void awaitTurn() throws InterruptedException {
    while (!turn.writeLock().tryLock()) {
      threads.sleep(PAUSE);
    }
  }

  /** Returns true if it was interrupted. */
  private boolean pause() {
    try {
      threads.sleep(PAUSE);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Interrupts a running sweep, and each one that is started later. */
  @Override
  public void close() {
    closed = true;
    Future<SweepResult> sweeping = running;
    if (sweeping != null) {
      sweeping.cancel(true);
    }
  }
}
