package io.portcurfew.daemon;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.quartz.spi.ThreadExecutor;
import org.quartz.spi.ThreadPool;

/**
 * On which threads Quartz runs what: itself on one that we lend it, scans on that same one, and
 * everything else on threads that end with it, since files and tools may hang. So an idle agent has
 * no thread for its schedule beside the one that every program begins with. Public since Quartz
 * calls it by reflection.
 */
public final class QuartzThreads implements ThreadPool, ThreadExecutor {

  private @Nullable Runnable loop;
  private boolean here;

  QuartzThreads() {}

  /** Quartz hands us the thread that waits for the next time; it is never started. */
  @Override
  public void execute(Thread thread) {
    loop = thread;
  }

  /** Waits for each time that comes, on the thread of the caller, until the scheduler is closed. */
  void run() {
    Objects.requireNonNull(loop).run();
  }

  /**
   * What is run next.
   *
   * @param here whether it is run on the thread that waits for the next time; asked and answered on
   *     that thread alone
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
    Thread thread = new Thread(job, "portcurfew-job");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError noThread) {
      // To say no would be the end of this job: Quartz takes it for wrong.
      job.run();
    }
    return true;
  }

  /** There is always one: no job runs twice at a time, and there are few. */
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
