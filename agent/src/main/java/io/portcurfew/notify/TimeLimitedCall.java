package io.portcurfew.notify;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Ends each attempt on a server by its time limit, whatever the server does. Sockets limit only
 * single reads, and looking up a name cannot be interrupted; so each attempt has a thread of its
 * own, which is cut off and left behind when the time is over. There is never more than one.
 */
public final class TimeLimitedCall {

  private final String name;
  private final String where;
  private final Semaphore oneAtATime = new Semaphore(1);

  /** One attempt. */
  public interface Try {

    /** Runs on a thread of its own; failures of the outside are an outcome. */
    Delivery run();

    /** Makes it end soon; called from another thread, and must not wait. */
    void cut();

    /** What came of it, where that is known before it ends. */
    default @Nullable Delivery known() {
      return null;
    }
  }

  /**
   * @param name of the threads
   * @param where the server, as it may be told
   */
  public TimeLimitedCall(String name, String where) {
    this.name = name;
    this.where = where;
  }

  /** Runs one attempt, or lets it wait where the one before has not ended. */
  public Delivery run(Try one, Duration most) throws InterruptedException {
    if (!oneAtATime.tryAcquire()) {
      return retry("the attempt before has not ended yet");
    }
    FutureTask<Delivery> task = start(one);
    try {
      return task.get(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      one.cut();
      Delivery known = one.known();
      return known == null ? retry("no answer within " + most.toMillis() + " ms") : known;
    } catch (InterruptedException givenUp) {
      one.cut();
      throw givenUp;
    } catch (ExecutionException bug) {
      throw new IllegalStateException("not a failure of the outside", bug.getCause());
    }
  }

  private FutureTask<Delivery> start(Try one) {
    FutureTask<Delivery> task =
        new FutureTask<>(
            () -> {
              try {
                return one.run();
              } finally {
                oneAtATime.release();
              }
            });
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError noThread) {
      oneAtATime.release();
      throw noThread;
    }
    return task;
  }

  /** That it is to be tried again, and where it failed. */
  public Delivery.Retry retry(String why) {
    return new Delivery.Retry(where + ": " + why);
  }
}
