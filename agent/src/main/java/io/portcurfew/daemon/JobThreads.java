package io.portcurfew.daemon;

import io.portcurfew.process.DaemonThreads;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs jobs that may hang, each on a thread of its own and never twice at a time. */
final class JobThreads implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JobThreads.class);

  /** The name of each thread. */
  static final String NAME = "portcurfew-job";

  /** Long enough for a job that is asked for once more. */
  private static final Duration KEPT = Duration.ofMillis(500);

  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          KEPT.toMillis(),
          TimeUnit.MILLISECONDS,
          new SynchronousQueue<>(),
          DaemonThreads.named(NAME),
          new ThreadPoolExecutor.DiscardPolicy());

  /** The jobs that run; true for those that run once more afterwards. */
  private final Map<String, Boolean> running = new HashMap<>();

  /** Runs a job, or once more after it has ended if it runs now. */
  void run(String name, Runnable job) {
    synchronized (this) {
      if (running.replace(name, true) != null) {
        return;
      }
      running.put(name, false);
    }
    Runnable work = () -> repeat(name, job);
    if (!DaemonThreads.execute(threads, work)) {
      // Otherwise a job that was asked for once would never run.
      work.run();
    }
  }

  private void repeat(String name, Runnable job) {
    boolean more = true;
    while (more) {
      try {
        job.run();
      } catch (RuntimeException | Error bug) {
        LOG.error("the job {} failed; this is a bug in Portcurfew", name, bug);
      }
      more = isWantedAgain(name);
    }
  }

  private synchronized boolean isWantedAgain(String name) {
    if (Boolean.TRUE.equals(running.remove(name))) {
      running.put(name, false);
      return true;
    }
    return false;
  }

  /** Starts no further thread; a running job ends by itself. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
