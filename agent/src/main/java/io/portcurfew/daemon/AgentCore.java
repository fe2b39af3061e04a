package io.portcurfew.daemon;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileStamps;
import io.portcurfew.host.ForcedLibraries;
import io.portcurfew.host.Host;
import io.portcurfew.host.KernelEvents;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.ConfiguredReceiver;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.notify.RateLimit;
import io.portcurfew.notify.receivers.FiringAlerts;
import io.portcurfew.process.Closeables;
import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Ticker;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.AgentHealth;
import io.portcurfew.scan.AlertPipeline;
import io.portcurfew.scan.CrossChecker;
import io.portcurfew.scan.EvidenceCollector;
import io.portcurfew.scan.HeartbeatSender;
import io.portcurfew.scan.InventoryWriter;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.LastScanTime;
import io.portcurfew.state.StateFolder;
import io.portcurfew.store.Store;
import io.portcurfew.systemd.ServiceManager;
import io.portcurfew.web.access.WebAccess;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The agent without its scheduler and its web server: from the sources to the receivers, and the
 * jobs that work with them. Closes its parts in reverse.
 */
final class AgentCore implements AutoCloseable {

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AgentStatus status;
  private final Metrics metrics;
  private final Scan scan;
  private final KernelEvents events;
  private final ConfigReloader reloader;
  private final JobRunner jobs;

  /**
   * Starts with the state of the previous agent.
   *
   * @param read the state of the files when they were loaded
   * @param files reads the files again
   * @param web is given the protection of the web server at each change
   * @throws StateFolder.Unusable if the state folder is not available
   */
  AgentCore(
      LoadedConfig loaded,
      FileStamps read,
      Supplier<LoadAttempt> files,
      Host host,
      Surroundings around,
      ServiceManager manager,
      Consumer<WebAccess> web)
      throws StateFolder.Unusable {
    AgentConfig config = loaded.config();
    Clock clock = around.clock();
    Ticker ticker = around.timing();
    ActiveConfig active = ActiveConfig.of(loaded);

    // The state of the previous agent.
    parts.push(StateFolder.take(config.state()));
    Store store = add(Store.open(config.state(), clock, ticker));
    LastScanTime lastScan = new LastScanTime(config.state());
    boolean stoppedBefore = store.audit().start(started(loaded));
    parts.push(store.audit()::stop);
    AgentHealth health =
        new AgentHealth(
            stoppedBefore ? Duration.ZERO : pauseBeforeStart(lastScan, clock),
            ForcedLibraries.ofThisProcess());

    // The receivers, and the queues before them.
    FiringAlerts firing = new FiringAlerts();
    ReceiverFactory factory =
        new ReceiverFactory(
            around.log(), around.notifiers().apply(firing), around.notifiers().apply(List::of));
    Map<String, ConfiguredReceiver> receivers = factory.of(config);
    metrics = new Metrics(BuildVersion.OF_THIS_BUILD);
    metrics.configLoaded(true);
    ConfigMetrics.set(metrics, loaded, receivers.keySet());
    Dispatcher dispatcher =
        add(
            new Dispatcher(
                receivers,
                metrics::delivery,
                store.ledger(),
                RateLimit.USUAL,
                around.random(),
                around.timing(),
                around.threads()));

    // The scan, from the sources to the alerts.
    add(host);
    health.continueFrom(store.alerts(), host.sourceNames());
    CrossChecker crossChecker = new CrossChecker(host, config, health, metrics, ticker);
    EvidenceCollector evidence =
        add(
            new EvidenceCollector(
                limit -> crossChecker.compare(clock.instant(), limit),
                dispatcher::send,
                around.threads()));
    HeartbeatNotifier heartbeatNotifier = add(new HeartbeatNotifier(factory, config));
    HeartbeatSender heartbeat =
        add(
            new HeartbeatSender(
                heartbeatNotifier::of,
                outcome -> metrics.heartbeat(outcome, clock.instant()),
                around.threads()));
    AlertPipeline pipeline =
        new AlertPipeline(store, dispatcher, evidence, heartbeat, firing, health, ticker);
    events = add(KernelEvents.of(host, clock));
    scan = new Scan(host, crossChecker, active, pipeline, events, metrics, ticker);
    parts.push(scan::stop);

    // The content of the pages.
    PageContentCollector contents =
        new PageContentCollector(host.name(), scan, store, events::reports, clock, ticker);
    status = new AgentStatus(scan, events::reports, metrics, dispatcher, store, contents, ticker);

    // The reload, and all jobs.
    List<Consumer<ConfigChange>> changing =
        List.of(
            // First, since nothing has changed if a receiver cannot be built.
            change -> use(change, factory, dispatcher, metrics),
            change -> use(change, heartbeatNotifier),
            change -> web.accept(change.after().loaded().access()),
            change -> crossChecker.use(change.after().config()),
            change -> events.use(change.after().config().events()),
            change -> scan.use(change.after()));
    reloader = new ConfigReloader(files, read, scan, changing, store.audit()::enter, ticker);
    SystemdWatchdog watchdog = new SystemdWatchdog(manager, lastScan);
    jobs =
        add(
            new JobRunner(
                scan,
                crossChecker,
                reloader,
                new BundleUpdater(scan, metrics, reloader::request, BundleUpdater.RETRY),
                () -> {
                  store.checkFiles();
                  dispatcher.readLedgerAgain();
                },
                metrics,
                watchdog,
                new InventoryWriter(
                    ticker, work -> DaemonThreads.start("portcurfew-inventory", work)),
                clock,
                ticker,
                store.audit()::enter));
  }

  private static void use(ConfigChange change, HeartbeatNotifier heartbeat) {
    if (change.isValid()) {
      heartbeat.use(change.after().config());
    }
  }

  private static void use(
      ConfigChange change, ReceiverFactory factory, Dispatcher dispatcher, Metrics metrics) {
    Map<String, ConfiguredReceiver> receivers =
        change.isValid() ? factory.of(change.after().config()) : Map.of();
    metrics.configLoaded(change.isValid());
    if (change.isValid()) {
      ConfigMetrics.set(metrics, change.after().loaded(), receivers.keySet());
      dispatcher.change(receivers);
    }
  }

  private static Duration pauseBeforeStart(LastScanTime lastScan, Clock clock) {
    return lastScan
        .at()
        .map(before -> Duration.between(before, clock.instant()))
        .orElse(Duration.ZERO);
  }

  private static Map<String, String> started(LoadedConfig loaded) {
    return Map.of("version", BuildVersion.OF_THIS_BUILD, "policy", loaded.policyDigest());
  }

  private <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** The content of the web server's pages. */
  AgentStatus status() {
    return status;
  }

  Metrics metrics() {
    return metrics;
  }

  KernelEvents events() {
    return events;
  }

  Scan scan() {
    return scan;
  }

  ConfigReloader reloader() {
    return reloader;
  }

  JobRunner jobs() {
    return jobs;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      Closeables.quietly(parts.pop());
    }
  }
}
