package io.portcurfew.host;

import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.Sweep;
import io.portcurfew.observe.SweepResult;
import io.portcurfew.process.DaemonThreads;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps on a thread of its own. The slices of the sweep alternate with scans: a scan during a
 * slice would see a port that the sweep holds for a moment and report it as a listener.
 */
final class SweepThread implements AutoCloseable {

  /** The pause after a slice, which takes some milliseconds, so scans have most of the time. */
  private static final long PAUSE_MILLIS = 10;

  private final Sweep sweep;
  // Looks share the lock, a slice holds it alone. A slice never queues for it, or looks would queue
  // behind the slice, and so a scan behind a cross-check whose tool hangs.
  private final ReadWriteLock turn = new ReentrantReadWriteLock();
  private volatile @Nullable Thread running;

  SweepThread(Sweep sweep) {
    this.sweep = sweep;
  }

  /** A look at the host. */
  interface Look<T> {
    /** Looks once. */
    T look() throws InterruptedException;
  }

  /** Looks while no slice of the sweep runs. */
  <T> T between(Look<T> look) throws InterruptedException {
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
    FutureTask<SweepResult> task = new FutureTask<>(() -> inTurn(seen));
    Thread thread = DaemonThreads.of("sweep", task);
    running = thread;
    thread.start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException("the sweep was interrupted");
      }
      throw new IllegalStateException("the sweep failed", e.getCause());
    } finally {
      thread.interrupt();
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
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Returns true if it was interrupted. */
  private static boolean pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Interrupts a running sweep. */
  @Override
  public void close() {
    Thread sweeping = running;
    if (sweeping != null) {
      sweeping.interrupt();
    }
  }
}
