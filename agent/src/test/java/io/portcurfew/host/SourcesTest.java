package io.portcurfew.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.TimedView;
import io.portcurfew.observe.View;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourcesTest {

  private static final View EMPTY = new View("good", true, List.of(), List.of());

  private record Fake(String name, java.util.concurrent.Callable<View> how)
      implements ListenerSource {
    @Override
    public View look() throws InterruptedException {
      try {
        return how.call();
      } catch (InterruptedException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void failingSource_isBlindAndOthersAreUsed() throws Exception {
    ListenerSource bad =
        new Fake(
            "bad",
            () -> {
              throw new IllegalStateException("broken \u001b[2K");
            });
    try (Sources sources = new Sources(Ticker.SYSTEM, Threads.SYSTEM)) {
      List<TimedView> looks =
          sources.look(List.of(bad, new Fake("good", () -> EMPTY)), Duration.ofSeconds(10));
      assertThat(looks.get(0).view().isUp()).isFalse();
      assertThat(looks.get(0).view().gaps().get(0).why()).contains("broken \\x1b[2K");
      assertThat(looks.get(1).view()).isEqualTo(EMPTY);
    }
  }

  @Test
  void aHangingSourceIsBlindUntilItEnds() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    ListenerSource stuck =
        new Fake(
            "stuck",
            () -> {
              asked.incrementAndGet();
              uninterruptibly(end);
              return EMPTY;
            });
    try (Sources sources = new Sources(Ticker.SYSTEM, Threads.SYSTEM)) {
      for (int i = 0; i < 5; i++) {
        View view = sources.look(List.of(stuck), Duration.ofMillis(50)).get(0).view();
        assertThat(view.isUp()).isFalse();
        assertThat(view.complete()).isFalse();
      }
      assertThat(asked).hasValue(1);
    } finally {
      end.countDown();
    }
  }

  /** Its first look hangs. */
  private record Hanging(CountDownLatch end, AtomicInteger looks)
      implements ListenerSource.Abandonable {
    @Override
    public String name() {
      return "hanging";
    }

    @Override
    public View look() {
      if (looks.incrementAndGet() == 1) {
        uninterruptibly(end);
      }
      return EMPTY;
    }

    @Override
    public boolean abandon() {
      return looks.get() == 1;
    }
  }

  @Test
  void abandonedLook_isFollowedByAnotherAtOnce() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger looks = new AtomicInteger();
    try (Sources sources = new Sources(Ticker.SYSTEM, Threads.SYSTEM)) {
      ListenerSource source = new Hanging(end, looks);
      View view = sources.look(List.of(source), Duration.ofSeconds(10)).get(0).view();
      assertThat(view).isEqualTo(EMPTY);
      assertThat(looks).hasValue(2);
    } finally {
      end.countDown();
    }
  }

  /** The system refuses every thread from some moment on, and all that is idle has ended. */
  private static final class FewThreads implements Threads {

    private volatile boolean refuses;
    private volatile @Nullable Thread last;

    private Thread thread(Runnable work) {
      Thread thread =
          new Thread(work) {
            @Override
            public synchronized void start() {
              if (refuses) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              super.start();
            }
          };
      thread.setDaemon(true);
      last = thread;
      return thread;
    }

    @Override
    public ExecutorService oneByOne(String name) {
      return Threads.SYSTEM.oneByOne(name);
    }

    @Override
    public ExecutorService parallel(String name, Duration kept) {
      long days = kept.toDays();
      return new ThreadPoolExecutor(
          0, 64, days, TimeUnit.DAYS, new SynchronousQueue<>(), this::thread);
    }

    @Override
    public <T> T get(Future<T> task, Duration most)
        throws InterruptedException, ExecutionException, TimeoutException {
      return Threads.SYSTEM.get(task, most);
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
      Threads.SYSTEM.sleep(time);
    }
  }

  @Test
  void withoutThreads_scansGoOnAndComparisonsAreAGap() throws Exception {
    FewThreads threads = new FewThreads();
    ListenerSource good = new Fake("good", () -> EMPTY);
    ListenerSource other = new Fake("other", () -> EMPTY);
    try (Sources sources = new Sources(Ticker.SYSTEM, threads)) {
      Duration limit = Duration.ofMinutes(1);
      assertThat(sources.look(List.of(good), limit).get(0).view()).isEqualTo(EMPTY);
      Thread scan = threads.last;
      while (scan != null && scan.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      threads.refuses = true;
      assertThat(sources.look(List.of(good), limit).get(0).view()).isEqualTo(EMPTY);
      for (TimedView look : sources.look(List.of(other, good), limit)) {
        assertThat(look.view().isUp()).isFalse();
        assertThat(look.view().gaps().get(0).why()).startsWith("no thread can be started");
      }
    }
  }

  @Test
  void earlierLook_isNotUsedAgain() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    ListenerSource slow =
        new Fake(
            "slow",
            () -> {
              int number = asked.incrementAndGet();
              started.countDown();
              end.await();
              return new View("slow " + number, true, List.of(), List.of());
            });
    try (Sources sources = new Sources(Ticker.SYSTEM, Threads.SYSTEM)) {
      FutureTask<List<TimedView>> other =
          new FutureTask<>(() -> sources.look(List.of(slow), Duration.ofMinutes(1)));
      new Thread(other).start();
      started.await();
      ListenerSource opens =
          new Fake(
              "opens",
              () -> {
                end.countDown();
                return EMPTY;
              });
      List<TimedView> ours = sources.look(List.of(slow, opens), Duration.ofMinutes(1));
      assertThat(ours.get(0).view().source()).isEqualTo("slow 2");
      assertThat(other.get().get(0).view().source()).isEqualTo("slow 1");
    }
  }

  private static void uninterruptibly(CountDownLatch end) {
    while (end.getCount() > 0) {
      try {
        end.await();
      } catch (InterruptedException again) {
        // The simulated source ignores interrupts.
      }
    }
  }
}
