package io.portcurfew.daemon;

import io.portcurfew.process.Ticker;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that are due: at intervals by the monotonic clock, and those that somebody asked for.
 * One thread waits for them; any thread may change them.
 */
final class IntervalTimer implements AutoCloseable {

  private static final Duration MOST_WAIT = Duration.ofMinutes(1);

  /** A job that is due at intervals. */
  private static final class TimedJob {
    private final TimerPace pace;
    private Duration due;

    TimedJob(TimerPace pace, Duration due) {
      this.pace = pace;
      this.due = due;
    }
  }

  /** The pauses between two times at which a job is due. */
  interface TimerPace {

    /** The random numbers that are drawn at once. */
    int BATCH = 32;

    /** The pause until the next time. */
    Duration next();

    /** Always the same. */
    static TimerPace every(Duration interval) {
      return () -> interval;
    }

    /**
     * Between four fifths of the interval and the interval, so that many hosts that started at the
     * same moment do not ask a server at the same moment.
     */
    static TimerPace within(Duration interval) {
      SecureRandom random = new SecureRandom();
      long most = interval.toNanos();
      return () -> Duration.ofNanos(most - random.nextLong(most / 5));
    }

    /**
     * Between nothing and two intervals, one interval on average. Nobody who has seen one scan
     * knows when the next one comes, nor that none comes for a while.
     */
    static TimerPace around(Duration interval, RandomGenerator random) {
      long most = 2 * interval.toNanos();
      return () -> Duration.ofNanos(random.nextLong(most));
    }

    /** The same with numbers that nobody can predict. */
    static TimerPace around(Duration interval) {
      return around(interval, inBatches(new SecureRandom()));
    }

    /** Draws several numbers at once, since each drawing reads a file of the system. */
    private static RandomGenerator inBatches(SecureRandom random) {
      ByteBuffer drawn = ByteBuffer.allocate(BATCH * Long.BYTES).flip();
      return () -> {
        if (!drawn.hasRemaining()) {
          random.nextBytes(drawn.array());
          drawn.clear();
        }
        return drawn.getLong();
      };
    }
  }

  private final Map<String, TimedJob> entries = new LinkedHashMap<>();
  private final Set<String> requested = new LinkedHashSet<>();
  private boolean closed;

  /** The job is due at this pace from now on. */
  synchronized void set(String name, TimerPace pace) {
    entries.put(name, new TimedJob(pace, Ticker.SYSTEM.elapsed().plus(pace.next())));
    notifyAll();
  }

  /** The job is due at no interval any more. */
  synchronized void remove(String name) {
    entries.remove(name);
  }

  /** The job is due once, at once. */
  synchronized void request(String name) {
    requested.add(name);
    notifyAll();
  }

  /**
   * Waits until jobs are due and takes them; none if the thread is interrupted.
   *
   * @return {@code null} once this is closed
   */
  synchronized @Nullable Collection<String> await() {
    try {
      Collection<String> due = takeDue();
      while (!closed && due.isEmpty()) {
        wait(millisToNext());
        due = takeDue();
      }
      return closed ? null : due;
    } catch (InterruptedException goOn) {
      return closed ? null : List.of();
    }
  }

  private Collection<String> takeDue() {
    Duration now = Ticker.SYSTEM.elapsed();
    Collection<String> due =
        requested.isEmpty() ? new ArrayList<>(2) : new LinkedHashSet<>(requested);
    requested.clear();
    for (Map.Entry<String, TimedJob> one : entries.entrySet()) {
      TimedJob entry = one.getValue();
      if (entry.due.compareTo(now) <= 0) {
        due.add(one.getKey());
        // From now on: what was missed while the host was suspended is not made up for.
        entry.due = now.plus(entry.pace.next());
      }
    }
    return due;
  }

  /**
   * Drops the times of a job that have passed while it ran, and returns their number. One time
   * until {@code most} is kept, so that the job runs once more.
   */
  synchronized long drop(String name, Duration most) {
    TimedJob entry = entries.get(name);
    if (entry == null) {
      return 0;
    }
    Duration now = Ticker.SYSTEM.elapsed();
    boolean isKept = entry.due.compareTo(most) <= 0;
    Duration next = isKept ? entry.due.plus(entry.pace.next()) : entry.due;
    long dropped = 0;
    for (; next.compareTo(now) <= 0; next = next.plus(entry.pace.next())) {
      dropped++;
    }
    entry.due = isKept ? entry.due : next;
    return dropped;
  }

  private long millisToNext() {
    Duration now = Ticker.SYSTEM.elapsed();
    Duration next = MOST_WAIT;
    for (TimedJob entry : entries.values()) {
      Duration left = entry.due.minus(now);
      next = left.compareTo(next) < 0 ? left : next;
    }
    // One more, so that something is due when it wakes.
    return Math.max(0, next.toMillis()) + 1;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
