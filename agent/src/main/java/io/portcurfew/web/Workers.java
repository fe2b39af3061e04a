package io.portcurfew.web;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs each exchange on a thread, of which there are at most {@link #MOST}.
 *
 * <p>The JDK's server reads a request on the thread that answers it, so a client that sends half a
 * header holds a thread for as long as the time limit lets it, and a few of them would hold all.
 * Therefore, when every thread is at work, the exchange that began first makes way for the new one:
 * its thread is interrupted, which closes its channel ({@link
 * java.nio.channels.InterruptibleChannel}). An honest scrape takes milliseconds and is not the
 * first of many while slow clients are there.
 */
final class Workers implements Executor, AutoCloseable {

  static final int MOST = 16;

  /** Exchanges that wait for the thread of one that is just making way; more are refused. */
  private static final int WAITING = 256;

  private static final int STACK_BYTES = 256 * 1024;

  private final ThreadPoolExecutor pool;
  private final Deque<Work> working = new ArrayDeque<>();
  private long givenUp;

  Workers() {
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            MOST,
            MOST,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread =
                  new Thread(null, task, "web-" + number.incrementAndGet(), STACK_BYTES);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  /**
   * Never blocks.
   *
   * @throws RejectedExecutionException where too many wait; the server then closes the connection
   */
  @Override
  public void execute(Runnable exchange) {
    Work work = new Work(exchange);
    begin(work);
    try {
      pool.execute(work);
    } catch (RejectedExecutionException full) {
      end(work);
      throw full;
    }
  }

  private synchronized void begin(Work work) {
    if (working.size() >= MOST) {
      working.remove().giveUp();
      givenUp++;
    }
    working.add(work);
  }

  private synchronized void end(Work work) {
    working.remove(work);
  }

  /** How many exchanges had to make way so far. */
  synchronized long givenUp() {
    return givenUp;
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }

  private final class Work implements Runnable {

    private final Runnable exchange;
    private @Nullable Thread thread;
    private boolean tooLate;

    Work(Runnable exchange) {
      this.exchange = exchange;
    }

    @Override
    public void run() {
      starts(Thread.currentThread());
      try {
        exchange.run();
      } finally {
        ends();
        end(this);
      }
    }

    private synchronized void starts(Thread current) {
      thread = current;
      if (tooLate) {
        current.interrupt();
      }
    }

    private synchronized void ends() {
      thread = null;
      // An interrupt that came after the last byte must not reach the next exchange.
      Thread.interrupted();
    }

    synchronized void giveUp() {
      tooLate = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
