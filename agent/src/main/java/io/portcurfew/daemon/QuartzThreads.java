package io.portcurfew.daemon;

import io.portcurfew.process.DaemonThreads;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.quartz.spi.ThreadExecutor;
import org.quartz.spi.ThreadPool;

/**
 * The threads of Quartz: it waits and scans on the thread that calls {@link #run}, so an idle agent
 * needs only its main thread. Other jobs get a thread of their own, since files and tools may hang.
 * Public because Quartz calls it by reflection.
 */
public final class QuartzThreads implements ThreadPool, ThreadExecutor {

  private @Nullable Runnable loop;
  private boolean here;

  QuartzThreads() {}

  /** Takes the thread in which Quartz waits for the next time; it is never started. */
  @Override
  public void execute(Thread thread) {
    loop = thread;
  }

  /**
   * Waits for each job and starts it, on the thread of the caller, until the scheduler is closed.
   */
  void run() {
    Objects.requireNonNull(loop).run();
  }

  /**
   * Sets the thread of the next job.
   *
   * @param here true for the thread that waits; set and read on that thread only
   */
  void next(boolean here) {
    this.here = here;
  }

  @Override
  public boolean runInThread(Runnable job) {
    if (here) {
      job.run();
      return true;
    }
    if (!DaemonThreads.start("portcurfew-job", job)) {
      // Quartz would give up a job that is refused.
      job.run();
    }
    return true;
  }

  /** There is always a thread: no job runs twice at a time, and there are few. */
  @Override
  public int blockForAvailableThreads() {
    return 1;
  }

  @Override
  public int getPoolSize() {
    return 1;
  }

  @Override
  public void initialize() {}

  @Override
  public void shutdown(boolean waitForJobsToComplete) {}

  @Override
  public void setInstanceId(String schedInstId) {}

  @Override
  public void setInstanceName(String schedName) {}
}
