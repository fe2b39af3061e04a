package io.portcurfew.simulation;

import io.portcurfew.notify.Timing;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The threads of one agent and their monotonic time. One thread runs at a time, until it waits or
 * ends; then the next one is chosen by chance. So a seed gives the same run each time.
 */
final class Stepper implements Threads, Timing {

  private static final Duration LONG = Duration.ofDays(10_000);

  private final Random random;
  private final SteppedTime time;
  private final List<SteppedThread> started = new ArrayList<>();
  private final List<Throwable> deaths = new ArrayList<>();
  private SteppedThread current;
  private boolean killed;

  Stepper(Random random, SteppedTime time) {
    this.random = random;
    this.time = time;
  }

  /** Starts a thread; it runs when it is chosen. */
  SteppedThread start(String name, Runnable work) {
    SteppedThread thread = new SteppedThread(name, work, deaths::add);
    started.add(thread);
    return thread;
  }

  /** Runs one thread that can go on; returns its name, or null if all wait. */
  String step() {
    List<SteppedThread> ready = new ArrayList<>(started.size());
    for (SteppedThread one : started) {
      if (one.canGoOn(time.elapsed(), killed)) {
        ready.add(one);
      }
    }
    if (ready.isEmpty()) {
      return null;
    }
    SteppedThread chosen = ready.get(ready.size() == 1 ? 0 : random.nextInt(ready.size()));
    current = chosen;
    chosen.goOn();
    current = null;
    if (chosen.hasEnded()) {
      started.remove(chosen);
    }
    return chosen.name();
  }

  /** Runs all threads until each waits. */
  void settle() {
    int steps = 0;
    while (step() != null) {
      if (++steps > 200_000) {
        throw new AssertionError("threads run without end: " + names());
      }
    }
  }

  /** The time until the first wait ends; null if none does. */
  Duration untilNext() {
    Duration next = null;
    for (SteppedThread one : started) {
      Duration deadline = one.deadline();
      if (deadline != null && (next == null || deadline.compareTo(next) < 0)) {
        next = deadline;
      }
    }
    return next == null ? null : next.minus(time.elapsed());
  }

  /** Ends all threads as the end of their process does: none of them waits any more. */
  void kill() {
    killed = true;
    settle();
  }

  boolean isKilled() {
    return killed;
  }

  /** What ended threads that should have gone on. */
  List<Throwable> deaths() {
    return deaths;
  }

  List<String> names() {
    return started.stream().map(SteppedThread::name).toList();
  }

  /** Lets other threads run until the condition holds or the time is over; true if it holds. */
  boolean await(BooleanSupplier until, Duration most) throws InterruptedException {
    SteppedThread me = current;
    if (me == null) {
      throw new AssertionError("only a stepped thread can wait");
    }
    Duration limit = most.compareTo(LONG) > 0 ? LONG : most;
    me.waitFor(until, time.elapsed().plus(limit.isNegative() ? Duration.ZERO : limit));
    if (killed || Thread.interrupted()) {
      throw new InterruptedException("stepped");
    }
    return until.getAsBoolean();
  }

  @Override
  public Duration elapsed() {
    return time.elapsed();
  }

  @Override
  public boolean pause(Duration pause, CountDownLatch end) throws InterruptedException {
    return !await(() -> end.getCount() == 0, pause);
  }

  @Override
  public void sleep(Duration pause) throws InterruptedException {
    await(() -> false, pause);
  }

  @Override
  public <T> T get(Future<T> task, Duration most)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!await(task::isDone, most)) {
      throw new TimeoutException();
    }
    return task.get();
  }

  @Override
  public ExecutorService oneByOne(String name) {
    return new Tasks(name, 1);
  }

  @Override
  public ExecutorService parallel(String name, Duration kept) {
    return new Tasks(name, Integer.MAX_VALUE);
  }

  /** An executor whose threads are stepped; a task after its shutdown is dropped. */
  private final class Tasks extends AbstractExecutorService {

    private final String name;
    private final int most;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final List<SteppedThread> running = new ArrayList<>();
    private boolean shut;

    Tasks(String name, int most) {
      this.name = name;
      this.most = most;
    }

    @Override
    public void execute(Runnable task) {
      if (!shut) {
        waiting.addLast(task);
        startNext();
      }
    }

    private void startNext() {
      while (running.size() < most && !waiting.isEmpty()) {
        Runnable task = waiting.removeFirst();
        SteppedThread[] own = new SteppedThread[1];
        own[0] = start(name, () -> runAndStartNext(task, own));
        running.add(own[0]);
      }
    }

    private void runAndStartNext(Runnable task, SteppedThread[] own) {
      try {
        task.run();
      } finally {
        running.remove(own[0]);
        startNext();
      }
    }

    @Override
    public void shutdown() {
      shut = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      shut = true;
      List<Runnable> left = List.copyOf(waiting);
      waiting.clear();
      running.forEach(SteppedThread::interrupt);
      return left;
    }

    @Override
    public boolean isShutdown() {
      return shut;
    }

    @Override
    public boolean isTerminated() {
      return shut && running.isEmpty() && waiting.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      return isTerminated()
          || Stepper.this.await(this::isTerminated, Duration.ofNanos(unit.toNanos(timeout)));
    }
  }
}
