package io.portcurfew.daemon;

import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Ticker;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires at intervals by the monotonic clock, on a thread of its own: Quartz waits by the wall clock
 * and would not fire for an hour after it is set back by an hour.
 */
final class IntervalTimer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(IntervalTimer.class);
  private static final Duration MOST_WAIT = Duration.ofMinutes(1);

  /** A job that is due at intervals. */
  private static final class Entry {
    private final Pace pace;
    private Duration due;

    Entry(Pace pace, Duration due) {
      this.pace = pace;
      this.due = due;
    }
  }

  /** Says how long the next pause is. */
  interface Pace {

    /** The pause until the next time. */
    Duration next();

    /** Always the same. */
    static Pace every(Duration interval) {
      return () -> interval;
    }

    /**
     * Between four fifths of the interval and the interval, so that many hosts that started at the
     * same moment do not ask a server at the same moment.
     */
    static Pace within(Duration interval) {
      SecureRandom random = new SecureRandom();
      long most = interval.toNanos();
      return () -> Duration.ofNanos(most - random.nextLong(most / 5));
    }

    /**
     * Between nothing and two intervals, one interval on average. Nobody who has seen one scan
     * knows when the next one comes, nor that none comes for a while.
     */
    static Pace around(Duration interval, RandomGenerator random) {
      long most = 2 * interval.toNanos();
      return () -> Duration.ofNanos(random.nextLong(most));
    }

    /** The same with numbers that nobody can predict. */
    static Pace around(Duration interval) {
      return around(interval, new SecureRandom());
    }
  }

  private final Map<String, Entry> entries = new HashMap<>();
  private final Consumer<String> fire;
  private final Runnable tick;
  private boolean closed;

  /**
   * A timer of nothing yet.
   *
   * @param fire takes the name of what is due; must not block
   * @param tick is called each time the thread wakes
   */
  IntervalTimer(Consumer<String> fire, Runnable tick) {
    this.fire = fire;
    this.tick = tick;
  }

  /** Starts its thread. */
  IntervalTimer start() {
    DaemonThreads.of("portcurfew-timer", this::run).start();
    return this;
  }

  /** Fires this at this pace from now on. */
  synchronized void set(String name, Pace pace) {
    entries.put(name, new Entry(pace, Ticker.SYSTEM.elapsed().plus(pace.next())));
    notifyAll();
  }

  /** Fires this no more. */
  synchronized void remove(String name) {
    entries.remove(name);
  }

  private void run() {
    List<String> due = awaitDue();
    while (due != null) {
      try {
        tick.run();
        due.forEach(fire);
      } catch (RuntimeException bug) {
        logUnlessClosed(bug);
      }
      due = awaitDue();
    }
  }

  private synchronized void logUnlessClosed(RuntimeException bug) {
    if (!closed) {
      LOG.error("cannot start a job; this is a bug in Portcurfew", bug);
    }
  }

  /** The jobs that are due; {@code null} once this is closed. */
  private synchronized @Nullable List<String> awaitDue() {
    try {
      List<String> due = takeDue();
      while (!closed && due.isEmpty()) {
        wait(millisToNext());
        due = takeDue();
      }
      return closed ? null : due;
    } catch (InterruptedException closing) {
      return null;
    }
  }

  private List<String> takeDue() {
    Duration now = Ticker.SYSTEM.elapsed();
    List<String> due = new ArrayList<>(1);
    entries.forEach(
        (name, entry) -> {
          if (entry.due.compareTo(now) <= 0) {
            due.add(name);
            // From now on: what was missed while the host was suspended is not made up for.
            entry.due = now.plus(entry.pace.next());
          }
        });
    return due;
  }

  private long millisToNext() {
    Duration now = Ticker.SYSTEM.elapsed();
    Duration next =
        entries.values().stream()
            .map(entry -> entry.due.minus(now))
            .min(Comparator.naturalOrder())
            .orElse(MOST_WAIT);
    // One more, so that something is due when it wakes.
    return Math.max(0, next.toMillis()) + 1;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
