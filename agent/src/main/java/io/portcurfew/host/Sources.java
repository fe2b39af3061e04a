package io.portcurfew.host;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.TimedView;
import io.portcurfew.observe.View;
import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs several sources in parallel. Each has a time limit and at most one outstanding look: a
 * source that hangs costs one thread and is a gap until it answers.
 */
final class Sources implements AutoCloseable {

  /** The next look of a comparison that was asked for again reuses the thread of the last one. */
  private static final Duration KEPT = Duration.ofMillis(2_500);

  /** A user who takes all process numbers of the host must not end the scans. */
  private static final Duration ALWAYS = Duration.ofDays(36_500);

  private static final String NO_THREAD =
      "no thread can be started: a limit of processes is reached (TasksMax=, pids.max, ulimit -u)";

  /** How long to wait for a look before it is checked. */
  private static final Duration CHECK = Duration.ofMillis(300);

  private final Map<String, Outstanding> outstanding = new ConcurrentHashMap<>();
  private final Ticker ticker;
  private final Threads threads;
  private final ExecutorService looks;

  /** For looks with one source, as a scan has; its thread stays for the next one. */
  private final ExecutorService ofScans;

  /** Starts no thread yet. */
  public Sources(Ticker ticker, Threads threads) {
    this.ticker = ticker;
    this.threads = threads;
    this.looks = threads.parallel("look-", KEPT);
    this.ofScans = threads.parallel("look-of-scan-", ALWAYS);
  }

  /**
   * A running look. It is never cancelled, only interrupted: a cancelled task would seem to have
   * ended while it still runs.
   */
  private final class Outstanding {
    private final FutureTask<TimedView> task;
    private @Nullable Thread runner;
    private volatile boolean abandoned;
    private volatile boolean refused;

    Outstanding(ListenerSource source) {
      task = new FutureTask<>(() -> look(source));
    }

    private TimedView look(ListenerSource source) throws InterruptedException {
      if (refused) {
        return new TimedView(View.blind(source.name(), NO_THREAD), Duration.ZERO);
      }
      setRunner(Thread.currentThread());
      try {
        return time(source);
      } finally {
        setRunner(null);
      }
    }

    private synchronized void setRunner(@Nullable Thread thread) {
      runner = thread;
    }

    /** Interrupts the look, but no later work of its thread. */
    synchronized void interrupt() {
      if (runner != null) {
        runner.interrupt();
      }
    }
  }

  /**
   * Looks once with each source and returns the views in the order of the sources.
   *
   * @param limit the longest wait for a source; longer than the source's own limits, unless only a
   *     quick answer is useful
   * @throws InterruptedException if interrupted while waiting
   */
  public List<TimedView> look(List<ListenerSource> sources, Duration limit)
      throws InterruptedException {
    Duration deadline = ticker.elapsed().plus(limit);
    List<AwaitedLook> awaited = new ArrayList<>();
    ExecutorService by = sources.size() == 1 ? ofScans : looks;
    for (ListenerSource source : sources) {
      awaited.add(startOrJoin(source, by));
    }
    List<TimedView> views = new ArrayList<>();
    for (int i = 0; i < awaited.size(); i++) {
      views.add(await(sources.get(i), awaited.get(i), by, deadline, limit));
    }
    return views;
  }

  /**
   * A look and its origin.
   *
   * @param ours true if this call started it; an earlier look may have seen an earlier state
   */
  private record AwaitedLook(Outstanding look, boolean ours) {}

  private AwaitedLook startOrJoin(ListenerSource source, ExecutorService by) {
    Outstanding ours = new Outstanding(source);
    Outstanding first = outstanding.putIfAbsent(source.name(), ours);
    if (first == null) {
      start(ours, by);
      return new AwaitedLook(ours, true);
    }
    return new AwaitedLook(first, false);
  }

  private static void start(Outstanding look, ExecutorService by) {
    if (!DaemonThreads.execute(by, look.task)) {
      // It ends at once, or it would stay outstanding for ever.
      look.refused = true;
      look.task.run();
    }
  }

  private TimedView time(ListenerSource source) throws InterruptedException {
    Duration start = ticker.elapsed();
    View view = source.look();
    return new TimedView(view, ticker.since(start));
  }

  private TimedView await(
      ListenerSource source,
      AwaitedLook first,
      ExecutorService by,
      Duration deadline,
      Duration limit)
      throws InterruptedException {
    AwaitedLook awaited = first;
    TimedView looked = await(source, awaited.look(), deadline, limit);
    while (awaited.look().abandoned || (!awaited.ours() && awaited.look().task.isDone())) {
      awaited = startOrJoin(source, by);
      looked = await(source, awaited.look(), deadline, limit);
    }
    return looked;
  }

  private TimedView await(
      ListenerSource source, Outstanding look, Duration deadline, Duration limit)
      throws InterruptedException {
    String name = source.name();
    try {
      if (source instanceof ListenerSource.Abandonable one && isAbandoned(one, look, deadline)) {
        outstanding.remove(name, look);
        return new TimedView(View.blind(name, "its look hangs and was abandoned"), limit);
      }
      TimedView looked = threads.get(look.task, deadline.minus(ticker.elapsed()));
      outstanding.remove(name, look);
      return looked;
    } catch (TimeoutException hangs) {
      look.interrupt();
      String why =
          "no answer within " + limit.toMillis() + " ms; no new look starts before this one ends";
      return new TimedView(View.blind(name, why), limit);
    } catch (ExecutionException failed) {
      outstanding.remove(name, look);
      String why = "failed: " + HostText.of(String.valueOf(failed.getCause()), 300);
      return new TimedView(View.blind(name, why), Duration.ZERO);
    }
  }

  /** Waits until the look has ended, is abandoned, or has to end a moment later. */
  private boolean isAbandoned(
      ListenerSource.Abandonable source, Outstanding look, Duration deadline)
      throws InterruptedException, ExecutionException {
    while (deadline.minus(ticker.elapsed()).compareTo(CHECK) > 0) {
      try {
        threads.get(look.task, CHECK);
        return false;
      } catch (TimeoutException runs) {
        if (look.abandoned || source.abandon()) {
          look.abandoned = true;
          return true;
        }
      }
    }
    return false;
  }

  /** Interrupts all outstanding looks. */
  @Override
  public void close() {
    outstanding.values().forEach(Outstanding::interrupt);
    looks.shutdown();
    ofScans.shutdown();
  }
}
