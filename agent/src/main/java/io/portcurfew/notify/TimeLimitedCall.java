package io.portcurfew.notify;

import io.portcurfew.process.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Limits the time of each attempt, in every phase. Sockets limit only single reads, and a name
 * lookup cannot be interrupted; so each attempt has its own thread, which is cancelled and left
 * behind when the time is over. There is never more than one.
 */
public final class TimeLimitedCall {

  private final String name;
  private final String where;
  private final Semaphore oneAtATime = new Semaphore(1);

  /** One attempt. */
  public interface Attempt {

    /** Runs on its own thread; failures of the server and the network are an outcome. */
    Delivery run();

    /** Makes it end soon; called from another thread and must not block. */
    void cancel();

    /** The outcome, if it is known before the attempt ends. */
    default @Nullable Delivery known() {
      return null;
    }
  }

  /**
   * @param name the name of the threads
   * @param where the server, without secrets
   */
  public TimeLimitedCall(String name, String where) {
    this.name = name;
    this.where = where;
  }

  /** Runs one attempt; asks for a retry if the previous one has not ended. */
  public Delivery run(Attempt one, Duration most) throws InterruptedException {
    if (!oneAtATime.tryAcquire()) {
      return retry("the previous attempt has not ended yet");
    }
    FutureTask<Delivery> task = task(one);
    if (!DaemonThreads.start(name, task)) {
      oneAtATime.release();
      return retry("no thread could be started");
    }
    try {
      return task.get(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      one.cancel();
      Delivery known = one.known();
      return known == null ? retry("no answer within " + most.toMillis() + " ms") : known;
    } catch (InterruptedException interrupted) {
      one.cancel();
      throw interrupted;
    } catch (ExecutionException bug) {
      throw new IllegalStateException("unexpected failure of an attempt", bug.getCause());
    }
  }

  private FutureTask<Delivery> task(Attempt one) {
    return new FutureTask<>(
        () -> {
          try {
            return one.run();
          } finally {
            oneAtATime.release();
          }
        });
  }

  /** A retry whose cause names the server. */
  public Delivery.Retry retry(String why) {
    return new Delivery.Retry(where + ": " + why);
  }
}
