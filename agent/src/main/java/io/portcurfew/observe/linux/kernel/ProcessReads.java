package io.portcurfew.observe.linux.kernel;

import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The read of a process that a look makes now. A user can let reads of his process wait for as long
 * as he likes (exec_update_lock in fs/exec.c, while a FUSE server does not answer), and no signal
 * but SIGKILL ends them. Such a look is abandoned: another one starts, and this one ends with its
 * read. A thread that is ready to run hangs at no process.
 */
public final class ProcessReads {

  /** The time between two checks that count. */
  static final Duration BETWEEN_CHECKS = Duration.ofMillis(250);

  /**
   * A read that is seen in so many checks hangs; usual ones take microseconds. Checks are counted,
   * not time, so that an agent that was stopped (SIGSTOP) finds no read that hangs.
   */
  static final int CHECKS = 4;

  /** No read has this number. */
  private static final long ABANDONED = -1;

  private final Ticker ticker;
  private final HangingUsers users;
  private volatile @Nullable Thread looker;

  /** The last thread that looked, and its state in the kernel. */
  private @Nullable Thread known;

  private volatile @Nullable ThreadState state;

  /**
   * The number of the read and the process; 0 between two reads. Either the look ends its read, or
   * another thread abandons the look: never both, so that another one may go on where it was.
   */
  private final AtomicLong current = new AtomicLong();

  private long started;
  private int number;
  private long seen;
  private int checks;
  private Duration checkedAt = Duration.ZERO;

  /** Ends an abandoned look. */
  public static final class AbandonedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AbandonedException() {
      super("the look was abandoned");
    }
  }

  /**
   * Creates the reads of one series of looks.
   *
   * @param users the users whose processes are not read
   */
  public ProcessReads(Ticker ticker, HangingUsers users) {
    this.ticker = ticker;
    this.users = users;
  }

  /** Starts a look on the calling thread; reads of other threads delay no look. */
  public void beginLook() {
    users.refresh();
    Thread now = Thread.currentThread();
    if (now != known) {
      known = now;
      state = ThreadState.ofThisThread();
    }
    looker = now;
  }

  /** Ends the look. */
  public void endLook() {
    endRead();
    looker = null;
  }

  /**
   * Starts a read of a process that may wait for it.
   *
   * @throws AbandonedException if the look was abandoned
   */
  public void begin(int pid) {
    if (Thread.currentThread() == looker) {
      if (isAbandoned()) {
        throw new AbandonedException();
      }
      number++;
      started = (long) number << Integer.SIZE | pid;
      current.lazySet(started);
    }
  }

  /**
   * Ends a read of a process.
   *
   * @throws AbandonedException if the look was abandoned meanwhile
   */
  public void end() {
    if (Thread.currentThread() == looker && !endRead()) {
      throw new AbandonedException();
    }
  }

  private boolean endRead() {
    long read = started;
    started = 0;
    return read == 0 || current.compareAndSet(read, 0);
  }

  /**
   * Checks the look, which has to be done several times a second.
   *
   * @return the process whose read hangs, or 0 if there is none
   */
  public synchronized int check() {
    long read = current.get();
    Duration now = ticker.elapsed();
    if (read == 0 || read == ABANDONED || read != seen) {
      seen = read == ABANDONED ? 0 : read;
      checks = 0;
      checkedAt = now;
    } else if (now.minus(checkedAt).compareTo(BETWEEN_CHECKS) >= 0) {
      checks++;
      checkedAt = now;
    }
    if (checks >= CHECKS && waitsForProcessor()) {
      checks--;
    }
    return checks >= CHECKS ? (int) read : 0;
  }

  /** Returns true if many running processes of any user are all that the read waits for. */
  private boolean waitsForProcessor() {
    ThreadState now = state;
    return now != null && looker != Thread.currentThread() && now.isRunning();
  }

  /**
   * Ends the look with the read of the last check.
   *
   * @return false if that read has ended since; nothing is abandoned then
   */
  public synchronized boolean abandon() {
    return seen != 0 && current.compareAndSet(seen, ABANDONED);
  }

  /** Returns true if the look was abandoned. */
  public boolean isAbandoned() {
    return current.get() == ABANDONED;
  }

  /** Returns true if a look runs. */
  public boolean isLooking() {
    return looker != null;
  }

  /** Returns the users whose processes are not read. */
  public HangingUsers users() {
    return users;
  }
}
