package io.portcurfew.notify;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queue of one receiver and the thread that works it off, as long as there is work. */
final class ReceiverWorker {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final String receiver;
  private final Outbox outbox;
  private final ThreadPoolExecutor thread;
  private final AtomicBoolean saidWhatIsLeft = new AtomicBoolean();

  /** Begins at once with what waits. */
  ReceiverWorker(String receiver, Outbox outbox) {
    this.receiver = receiver;
    this.outbox = outbox;
    this.thread = OnDemand.thread("portcurfew-to-" + receiver);
    begin();
  }

  Outbox outbox() {
    return outbox;
  }

  /** Queues these, and returns at once. */
  void add(List<Notification> all) {
    outbox.add(all);
    // One that has not begun will find these too; a receiver may be down for days.
    if (thread.getQueue().isEmpty()) {
      begin();
    }
  }

  /** Works off what waits; where no thread can be had, the next that comes brings another try. */
  void begin() {
    try {
      thread.execute(outbox);
    } catch (OutOfMemoryError noThread) {
      LOG.error("no thread can be had to tell {}", receiver);
    }
  }

  /** Lets it end once nothing waits or the receiver does not answer. */
  void close() {
    outbox.close();
    begin();
    thread.execute(this::sayWhatIsLeft);
    thread.shutdown();
  }

  void interrupt() {
    thread.shutdownNow();
  }

  /** Waits for its end. */
  void join(Duration most) throws InterruptedException {
    if (!thread.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.debug("receiver {} is still being told something", receiver);
    }
  }

  /** Logs once how many notifications remain untold, where some do. */
  void sayWhatIsLeft() {
    int left = outbox.state().pending();
    if (left > 0 && saidWhatIsLeft.compareAndSet(false, true)) {
      LOG.warn("receiver {} was not told {} notifications before the end", receiver, left);
    }
  }
}
