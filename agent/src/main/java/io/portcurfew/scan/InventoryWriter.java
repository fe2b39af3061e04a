package io.portcurfew.scan;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.receivers.Inventory;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.message.InventoryLines;
import io.portcurfew.notify.receivers.FileSettings;
import io.portcurfew.notify.receivers.LineFile;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the listeners of a scan into the file of a receiver, at an interval. A disk that hangs
 * blocks no scan: one inventory is written at a time, on a thread of its own.
 */
public final class InventoryWriter {

  private static final Logger LOG = LoggerFactory.getLogger(InventoryWriter.class);

  private final Ticker ticker;
  private final Predicate<Runnable> thread;
  private final AtomicBoolean writing = new AtomicBoolean();
  private @Nullable Duration due;

  /**
   * @param thread starts a thread; false if none could be started
   */
  public InventoryWriter(Ticker ticker, Predicate<Runnable> thread) {
    this.ticker = ticker;
    this.thread = thread;
  }

  /** Writes the listeners of this scan if an inventory is due. */
  public void scanned(Scan.Result result) {
    AgentConfig config = result.active().config();
    Inventory wanted = config.inventory();
    if (wanted.receiver() == null) {
      return;
    }
    FileSettings file = file(config, wanted.receiver());
    Duration now = ticker.elapsed();
    if (file == null || !isDue(now, wanted.every()) || !writing.compareAndSet(false, true)) {
      return;
    }
    due = now.plus(wanted.every());
    byte[] lines = InventoryLines.of(result.judged());
    if (!thread.test(() -> write(file, lines))) {
      writing.set(false);
    }
  }

  private static @Nullable FileSettings file(AgentConfig config, @Nullable String name) {
    return config.receivers().stream()
        .filter(receiver -> receiver.name().equals(name))
        .map(receiver -> receiver.settings() instanceof FileSettings file ? file : null)
        .findFirst()
        .orElse(null);
  }

  /** A reload may have made the interval shorter. */
  private boolean isDue(Duration now, Duration every) {
    Duration next = due;
    return next == null || now.compareTo(next) >= 0 || next.minus(now).compareTo(every) > 0;
  }

  private void write(FileSettings file, byte[] lines) {
    try {
      Delivery written = new LineFile(file).append(lines);
      if (written instanceof Delivery.Retry failed) {
        LOG.warn("cannot write the inventory of listeners: {}", failed.why());
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } finally {
      writing.set(false);
    }
  }
}
