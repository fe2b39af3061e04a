package io.portcurfew.notify;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queue of one receiver and the thread that works it off. */
final class Lane implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final String receiver;
  private final Outbox outbox;
  private final Thread thread;
  private final AtomicBoolean saidWhatIsLeft = new AtomicBoolean();

  Lane(String receiver, Outbox outbox) {
    this.receiver = receiver;
    this.outbox = outbox;
    this.thread = new Thread(this, "portcurfew-to-" + receiver);
    thread.setDaemon(true);
  }

  Outbox outbox() {
    return outbox;
  }

  void start() {
    thread.start();
  }

  @Override
  public void run() {
    outbox.run();
    sayWhatIsLeft();
  }

  void interrupt() {
    thread.interrupt();
  }

  /** Waits for the thread to end; a millisecond at least, since 0 waits for ever. */
  void join(Duration most) throws InterruptedException {
    thread.join(Math.max(1, most.toMillis()));
  }

  /** Logs once how many notifications remain untold, where some do. */
  void sayWhatIsLeft() {
    int left = outbox.state().pending();
    if (left > 0 && saidWhatIsLeft.compareAndSet(false, true)) {
      LOG.warn("receiver {} was not told {} notifications before the end", receiver, left);
    }
  }
}
