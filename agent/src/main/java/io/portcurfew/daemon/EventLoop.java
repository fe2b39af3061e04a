package io.portcurfew.daemon;

import io.portcurfew.host.HostEvents;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the listeners of events to the scan, on a thread of its own, and asks for a scan where one
 * has to follow: at most one a second, however many events there are.
 */
final class EventLoop implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
  private static final Duration SCAN_PAUSE = Duration.ofSeconds(1);
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final HostEvents events;
  private final Predicate<EventBatch> sink;
  private final Runnable scanNow;
  private final Ticker ticker;
  private Duration scanned;
  private boolean wantsScan;

  /**
   * @param sink takes a batch; returns true if a scan should follow
   * @param scanNow starts a scan; must not wait for it
   */
  EventLoop(HostEvents events, Predicate<EventBatch> sink, Runnable scanNow, Ticker ticker) {
    this.events = events;
    this.sink = sink;
    this.scanNow = scanNow;
    this.ticker = ticker;
    this.scanned = ticker.elapsed().minus(SCAN_PAUSE);
  }

  /** Runs until the thread is interrupted. */
  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        pass();
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass() throws InterruptedException {
    EventBatch batch = events.await(wantsScan ? SCAN_PAUSE : IDLE);
    wantsScan |= !batch.isEmpty() && isScanWanted(batch);
    if (wantsScan && ticker.since(scanned).compareTo(SCAN_PAUSE) >= 0) {
      scanned = ticker.elapsed();
      wantsScan = false;
      scanNow.run();
    }
  }

  /** After a bug a scan looks at everything. */
  private boolean isScanWanted(EventBatch batch) {
    try {
      return sink.test(batch);
    } catch (RuntimeException | Error bug) {
      LOG.error("judging listeners of events failed; this is a bug in Portcurfew", bug);
      return true;
    }
  }
}
