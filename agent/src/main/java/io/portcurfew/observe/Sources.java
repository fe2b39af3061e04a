package io.portcurfew.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks with several sources side by side. Each has a time limit and at most one look outstanding:
 * a source that hangs costs one thread and is told as a gap until it answers.
 */
public final class Sources implements AutoCloseable {

  private final Map<String, Outstanding> outstanding = new ConcurrentHashMap<>();

  /**
   * A look that has begun. The thread is its own: a cancelled task would seem to have ended while
   * it still runs.
   */
  private record Outstanding(FutureTask<Looked> task, Thread thread) {

    static Outstanding begin(ListenerSource source) {
      FutureTask<Looked> task = new FutureTask<>(() -> time(source));
      Thread thread = new Thread(task, "look-" + source.name());
      thread.setDaemon(true);
      thread.start();
      return new Outstanding(task, thread);
    }
  }

  /**
   * Looks once with each of the sources, in their order.
   *
   * @param limit how long to wait for a source; longer than any limit that it sets itself, unless
   *     an answer is wanted only where it comes soon
   * @throws InterruptedException when interrupted while waiting
   */
  public List<Looked> look(List<ListenerSource> sources, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    List<Outstanding> begun = new ArrayList<>();
    for (ListenerSource source : sources) {
      begun.add(outstanding.computeIfAbsent(source.name(), name -> Outstanding.begin(source)));
    }
    List<Looked> looks = new ArrayList<>();
    for (int i = 0; i < begun.size(); i++) {
      looks.add(await(sources.get(i).name(), begun.get(i), deadline, limit));
    }
    return looks;
  }

  private static Looked time(ListenerSource source) throws InterruptedException {
    long start = System.nanoTime();
    View view = source.look();
    return new Looked(view, Duration.ofNanos(System.nanoTime() - start));
  }

  private Looked await(String name, Outstanding look, long deadline, Duration limit)
      throws InterruptedException {
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      Looked looked = look.task().get(left, TimeUnit.NANOSECONDS);
      outstanding.remove(name, look);
      return looked;
    } catch (TimeoutException hangs) {
      look.thread().interrupt();
      String why =
          "no answer within " + limit.toMillis() + " ms; it is not asked again until it ends";
      return new Looked(View.blind(name, why), limit);
    } catch (ExecutionException failed) {
      outstanding.remove(name, look);
      String why = "failed: " + HostText.of(String.valueOf(failed.getCause()), 300);
      return new Looked(View.blind(name, why), Duration.ZERO);
    }
  }

  /** Gives up what is outstanding. */
  @Override
  public void close() {
    outstanding.values().forEach(look -> look.thread().interrupt());
  }
}
