package io.portcurfew.observe;

import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Looks with several sources side by side. Each has a time limit and at most one look outstanding:
 * a source that hangs costs one thread and is told as a gap until it answers.
 */
public final class Sources implements AutoCloseable {

  /**
   * A look every second finds the thread of the last one, since a new thread costs a tenth of a
   * look; between rarer looks there is none.
   */
  private static final int MILLIS_KEPT = 1_500;

  private final Map<String, Outstanding> outstanding = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads;

  /** Looks with nothing yet. */
  public Sources() {
    threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            MILLIS_KEPT,
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            DaemonThreads.numbered("look-"));
  }

  /**
   * A look that has begun. It is never cancelled, only interrupted: a cancelled task would seem to
   * have ended while it still runs.
   */
  private static final class Outstanding {
    private final FutureTask<TimedView> task;
    private @Nullable Thread runner;

    Outstanding(ListenerSource source) {
      task = new FutureTask<>(() -> look(source));
    }

    private TimedView look(ListenerSource source) throws InterruptedException {
      isRunBy(Thread.currentThread());
      try {
        return time(source);
      } finally {
        isRunBy(null);
      }
    }

    private synchronized void isRunBy(@Nullable Thread thread) {
      runner = thread;
    }

    /** Interrupts the look and nothing that its thread does later. */
    synchronized void interrupt() {
      if (runner != null) {
        runner.interrupt();
      }
    }
  }

  /**
   * Looks once with each of the sources, in their order.
   *
   * @param limit how long to wait for a source; longer than any limit that it sets itself, unless
   *     an answer is wanted only where it comes soon
   * @throws InterruptedException when interrupted while waiting
   */
  public List<TimedView> look(List<ListenerSource> sources, Duration limit)
      throws InterruptedException {
    Duration deadline = Ticker.SYSTEM.elapsed().plus(limit);
    List<Turn> turns = new ArrayList<>();
    for (ListenerSource source : sources) {
      turns.add(turn(source));
    }
    List<TimedView> looks = new ArrayList<>();
    for (int i = 0; i < turns.size(); i++) {
      looks.add(await(sources.get(i), turns.get(i), deadline, limit));
    }
    return looks;
  }

  /**
   * A look that is awaited.
   *
   * @param ours whether it began when we asked; one of somebody else may have seen what was before
   */
  private record Turn(Outstanding look, boolean ours) {}

  private Turn turn(ListenerSource source) {
    Outstanding ours = new Outstanding(source);
    Outstanding first = outstanding.putIfAbsent(source.name(), ours);
    if (first == null) {
      begin(source.name(), ours);
      return new Turn(ours, true);
    }
    return new Turn(first, false);
  }

  private void begin(String name, Outstanding look) {
    if (!DaemonThreads.execute(threads, look.task)) {
      // Else it would be outstanding for ever.
      outstanding.remove(name, look);
      throw new IllegalStateException("no thread could be started to look with " + name);
    }
  }

  private static TimedView time(ListenerSource source) throws InterruptedException {
    Duration start = Ticker.SYSTEM.elapsed();
    View view = source.look();
    return new TimedView(view, Ticker.SYSTEM.since(start));
  }

  private TimedView await(ListenerSource source, Turn first, Duration deadline, Duration limit)
      throws InterruptedException {
    Turn turn = first;
    TimedView looked = await(source.name(), turn.look(), deadline, limit);
    while (!turn.ours() && turn.look().task.isDone()) {
      turn = turn(source);
      looked = await(source.name(), turn.look(), deadline, limit);
    }
    return looked;
  }

  private TimedView await(String name, Outstanding look, Duration deadline, Duration limit)
      throws InterruptedException {
    try {
      long left = Math.max(0, deadline.minus(Ticker.SYSTEM.elapsed()).toNanos());
      TimedView looked = look.task.get(left, TimeUnit.NANOSECONDS);
      outstanding.remove(name, look);
      return looked;
    } catch (TimeoutException hangs) {
      look.interrupt();
      String why =
          "no answer within " + limit.toMillis() + " ms; it is not asked again until it ends";
      return new TimedView(View.blind(name, why), limit);
    } catch (ExecutionException failed) {
      outstanding.remove(name, look);
      String why = "failed: " + HostText.of(String.valueOf(failed.getCause()), 300);
      return new TimedView(View.blind(name, why), Duration.ZERO);
    }
  }

  /** Gives up what is outstanding. */
  @Override
  public void close() {
    outstanding.values().forEach(Outstanding::interrupt);
    threads.shutdown();
  }
}
