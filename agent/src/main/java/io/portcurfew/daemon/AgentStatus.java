package io.portcurfew.daemon;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.observe.HostText;
import io.portcurfew.scan.AgentHealth;
import io.portcurfew.scan.Scan;
import io.portcurfew.store.Store;
import io.portcurfew.web.Health;
import io.portcurfew.web.PageSource;
import io.portcurfew.web.StatusPage;

/** The content of the web server's pages: metrics, health and the last scan. */
final class AgentStatus implements PageSource {

  private final HostText host;
  private final Scan scan;
  private final Metrics metrics;
  private final Dispatcher dispatcher;
  private final Store store;

  AgentStatus(HostText host, Scan scan, Metrics metrics, Dispatcher dispatcher, Store store) {
    this.host = host;
    this.scan = scan;
    this.metrics = metrics;
    this.dispatcher = dispatcher;
    this.store = store;
  }

  @Override
  public Health health() {
    Scan.Result last = scan.last();
    boolean overdue = isOverdue();
    String why =
        last == null
            ? "no scan has ended yet"
            : "last scan " + scan.sinceLast().toSeconds() + " s ago";
    return new Health(!overdue, last != null && !overdue, why);
  }

  /** Once scans are overdue the last one is no longer true: its compliance is not exported. */
  @Override
  public String metrics(boolean openMetrics) {
    if (isOverdue()) {
      metrics.scanOverdue();
    }
    metrics.outbox(dispatcher.outbox());
    metrics.store(store.state(), store.head());
    return metrics.scrape(openMetrics);
  }

  private boolean isOverdue() {
    return AgentHealth.isLate(scan.active().config().scan(), scan.sinceLast());
  }

  @Override
  public StatusPage page() {
    Scan.Result last = scan.last();
    return new StatusPage(
        BuildVersion.OF_THIS_BUILD, host, last == null ? null : last.judged(), scan.failedAt());
  }
}
