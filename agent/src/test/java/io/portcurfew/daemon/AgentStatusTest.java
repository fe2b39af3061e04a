package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.host.Host;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.ConfiguredReceiver;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.notify.RateLimit;
import io.portcurfew.notify.Timing;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.policy.Policy;
import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import io.portcurfew.scan.PipelineFixture;
import io.portcurfew.scan.SampleConfigs;
import io.portcurfew.scan.Scan;
import io.portcurfew.store.Store;
import io.portcurfew.web.Health;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AgentStatusTest {

  @TempDir private Path folder;
  @TempDir private Path other;

  private static <T> T onAnotherThread(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    DaemonThreads.of("scrape", task).start();
    return task.get();
  }

  /** The disk may not answer while a thread writes under these locks. */
  @Test
  void locksOfStoreAndDispatcher_delayNoScrape() throws Exception {
    Metrics metrics = new Metrics("1");
    metrics.receivers(List.of("ops"));
    Host host = new Host(HostText.of("web-1"), PortRange.LINUX_EPHEMERAL, List.of(), List.of());
    try (PipelineFixture pipeline = new PipelineFixture(other, metrics);
        Store store = Store.open(folder, Clock.systemUTC(), Ticker.SYSTEM);
        Dispatcher dispatcher =
            new Dispatcher(
                Map.of("ops", ConfiguredReceiver.ofAll(one -> new Delivery.Delivered())),
                metrics::delivery,
                store.ledger(),
                RateLimit.USUAL,
                new Random(611),
                Timing.SYSTEM,
                Threads.SYSTEM)) {
      Scan scan = pipeline.scan(host, SampleConfigs.active(new Policy(true, List.of())));
      PageContentCollector contents =
          new PageContentCollector(
              HostText.of("web-1"), scan, store, List::of, Clock.systemUTC(), Ticker.SYSTEM);
      AgentStatus status =
          new AgentStatus(scan, List::of, metrics, dispatcher, store, contents, Ticker.SYSTEM);
      synchronized (store) {
        synchronized (dispatcher) {
          assertThat(onAnotherThread(() -> status.metrics(false)))
              .contains("portcurfew_store_writable 1.0", "portcurfew_outbox_notifications{");
          assertThat(onAnotherThread(status::health)).extracting(Health::healthy).isEqualTo(true);
        }
      }
    }
  }
}
