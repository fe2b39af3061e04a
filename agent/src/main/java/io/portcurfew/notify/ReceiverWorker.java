package io.portcurfew.notify;

import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outbox of one receiver and the thread that delivers it while something is pending. */
final class ReceiverWorker {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final String receiver;
  private final Outbox outbox;
  private final ExecutorService thread;
  // True while a task waits to start; it finds everything that is queued by then.
  private final AtomicBoolean startQueued = new AtomicBoolean();
  private final AtomicBoolean pendingLogged = new AtomicBoolean();
  private final AtomicInteger endings = new AtomicInteger();

  /** Starts to deliver at once. */
  ReceiverWorker(String receiver, Outbox outbox, Threads threads) {
    this.receiver = receiver;
    this.outbox = outbox;
    this.thread = threads.oneByOne("portcurfew-to-" + receiver);
    start();
  }

  Outbox outbox() {
    return outbox;
  }

  /** Queues notifications and returns at once. */
  void add(List<Notification> all) {
    outbox.add(all);
    start();
  }

  /** Delivers all that is pending; if no thread can be started, the next notification does. */
  void start() {
    if (startQueued.compareAndSet(false, true) && !DaemonThreads.execute(thread, this::deliver)) {
      startQueued.set(false);
      LOG.error("cannot start the thread of receiver {}", receiver);
    }
  }

  private void deliver() {
    startQueued.set(false);
    outbox.run();
  }

  /** Delivers all that is pending while the receiver answers, and then nothing more. */
  void leave() {
    outbox.close();
    endings.incrementAndGet();
    start();
    thread.execute(this::end);
  }

  /** The last task after {@link #leave}: by then everything before it has ended. */
  private void end() {
    logPending();
    endings.decrementAndGet();
  }

  /** Goes on after {@link #leave} for a receiver that came back. */
  void comeBack(ConfiguredReceiver receiver) {
    pendingLogged.set(false);
    outbox.reopen(receiver);
    start();
  }

  /** True if it has left and its thread has nothing more to do. */
  boolean isIdle() {
    return endings.get() == 0;
  }

  /** Ends it once nothing waits or the receiver does not answer. */
  void close() {
    leave();
    thread.shutdown();
  }

  void interrupt() {
    thread.shutdownNow();
  }

  /** Waits for the end of the thread. */
  void join(Duration most) throws InterruptedException {
    if (!thread.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.debug("an attempt to notify receiver {} is still running", receiver);
    }
  }

  /** Logs once the number of notifications that remain pending, if any. */
  void logPending() {
    int left = outbox.state().pending();
    if (left > 0 && pendingLogged.compareAndSet(false, true)) {
      LOG.warn("pending notifications of receiver {} at the end: {}", receiver, left);
    }
  }
}
