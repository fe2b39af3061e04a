package io.portcurfew.host;

import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.Sweep;
import io.portcurfew.observe.SweepResult;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps on a thread of its own. Sweep and scans take turns, a slice each: a scan that looks during
 * a slice would see a port that the sweep has for a moment, and take it for a listener.
 */
final class SweepThread implements AutoCloseable {

  /** A slice is some milliseconds, so most of the time is left to others. */
  private static final long PAUSE_MILLIS = 10;

  private final Sweep sweep;
  // Looks share it, a slice has it alone. A slice never queues for it: looks would queue behind it,
  // and so a scan behind a cross-check whose tool hangs.
  private final ReadWriteLock turn = new ReentrantReadWriteLock();
  private volatile @Nullable Thread running;

  SweepThread(Sweep sweep) {
    this.sweep = sweep;
  }

  /** Something to do while no slice of the sweep runs. */
  interface Look<T> {
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
   * Sweeps once and waits for it.
   *
   * @throws InterruptedException when interrupted or closed meanwhile
   */
  SweepResult run(Snapshot seen) throws InterruptedException {
    FutureTask<SweepResult> task = new FutureTask<>(() -> inTurn(seen));
    Thread thread = new Thread(task, "sweep");
    thread.setDaemon(true);
    running = thread;
    thread.start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException("the sweep was given up");
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

  /**
   * Interrupted, it comes back with the turn all the same: whoever rests gives it back at the end.
   */
  private void rest() throws InterruptedException {
    turn.writeLock().unlock();
    boolean interrupted = false;
    do {
      interrupted |= pause();
    } while (!turn.writeLock().tryLock());
    if (interrupted) {
      throw new InterruptedException("the sweep was given up");
    }
  }

  private void awaitTurn() throws InterruptedException {
    while (!turn.writeLock().tryLock()) {
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Whether it was interrupted. */
  private static boolean pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** Gives up a sweep that is under way. */
  @Override
  public void close() {
    Thread sweeping = running;
    if (sweeping != null) {
      sweeping.interrupt();
    }
  }
}
