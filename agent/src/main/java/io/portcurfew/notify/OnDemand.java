package io.portcurfew.notify;

import io.portcurfew.process.DaemonThreads;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that exist only while they have something to do: an idle agent has few. */
public final class OnDemand {

  /** Long enough for the next task to find the thread of the one before. */
  private static final int MILLIS_KEPT = 500;

  private OnDemand() {}

  /**
   * Creates an executor that runs its tasks one after the other; a task after its shutdown is
   * dropped.
   *
   * @param name the name of the thread
   */
  public static ThreadPoolExecutor thread(String name) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            MILLIS_KEPT,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            DaemonThreads.named(name),
            new ThreadPoolExecutor.DiscardPolicy());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
