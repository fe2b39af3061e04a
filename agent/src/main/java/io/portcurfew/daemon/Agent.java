package io.portcurfew.daemon;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.WebExposure;
import io.portcurfew.config.files.FileStamps;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.ConfiguredReceiver;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.notify.RateLimit;
import io.portcurfew.notify.receivers.FiringAlerts;
import io.portcurfew.notify.receivers.Notifiers;
import io.portcurfew.observe.linux.kernel.DeferredAccept;
import io.portcurfew.policy.Policy;
import io.portcurfew.process.Closeables;
import io.portcurfew.process.Ticker;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.AgentHealth;
import io.portcurfew.scan.AlertPipeline;
import io.portcurfew.scan.CrossChecker;
import io.portcurfew.scan.EvidenceCollector;
import io.portcurfew.scan.HeartbeatSender;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.LastScanTime;
import io.portcurfew.state.StateFolder;
import io.portcurfew.store.Store;
import io.portcurfew.systemd.ServiceManager;
import io.portcurfew.web.WebServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running daemon: builds everything top to bottom and closes it in reverse. */
public final class Agent implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final InetSocketAddress web;
  private final ConfigReloader reloader;
  private final JobScheduler scheduler;
  private final ServiceManager manager = ServiceManager.of(System.getenv());

  /** The agent cannot start; the message gives an admin the reason. */
  public static final class CannotStart extends Exception {
    private static final long serialVersionUID = 1L;

    CannotStart(String message, Throwable cause) {
      super(message, cause);
    }

    /** True if a retry is of no use, because an admin has to change the state folder first. */
    public boolean needsAdmin() {
      return getCause() instanceof StateFolder.Untrusted;
    }
  }

  private Agent(
      LoadedConfig loaded, FileStamps read, Supplier<LoadAttempt> files, Host host, Clock clock)
      throws StateFolder.Unusable, IOException {
    AgentConfig config = loaded.config();
    ActiveConfig active = ActiveConfig.of(loaded);
    parts.push(StateFolder.take(config.state()));
    Store store = add(Store.open(config.state(), clock, Ticker.SYSTEM));
    LastScanTime lastScan = new LastScanTime(config.state());
    boolean stoppedBefore = store.start(started(loaded));
    parts.push(store::stop);
    AgentHealth health =
        new AgentHealth(stoppedBefore ? Duration.ZERO : pauseBeforeStart(lastScan, clock));

    FiringAlerts firing = new FiringAlerts();
    ReceiverFactory factory =
        new ReceiverFactory(
            new Notifiers(BuildVersion.OF_THIS_BUILD, clock, firing),
            new Notifiers(BuildVersion.OF_THIS_BUILD, clock, List::of));
    Map<String, ConfiguredReceiver> receivers = factory.of(config);
    Metrics metrics = new Metrics(BuildVersion.OF_THIS_BUILD);
    metrics.receivers(receivers.keySet());
    metrics.configLoaded(true);
    metrics.policyActive(loaded.policyDigest());
    Dispatcher dispatcher =
        add(new Dispatcher(receivers, metrics::delivery, store, RateLimit.USUAL, new Random()));

    add(host);
    health.continueFrom(store.alerts(), host.sourceNames());
    CrossChecker crossChecker = new CrossChecker(host, config, health, metrics, Ticker.SYSTEM);
    EvidenceCollector evidence =
        add(
            new EvidenceCollector(
                limit -> crossChecker.compare(clock.instant(), limit), dispatcher::send));
    HeartbeatNotifier heartbeatNotifier = add(new HeartbeatNotifier(factory, config));
    HeartbeatSender heartbeat =
        add(
            new HeartbeatSender(
                heartbeatNotifier::of, outcome -> metrics.heartbeat(outcome, clock.instant())));
    AlertPipeline pipeline =
        new AlertPipeline(store, dispatcher, evidence, heartbeat, firing, health, Ticker.SYSTEM);
    Scan scan = new Scan(host, crossChecker, active, pipeline, metrics, Ticker.SYSTEM);

    AgentStatus status = new AgentStatus(host.name(), scan, metrics, dispatcher, store);
    WebServer server = add(WebServer.start(config.web(), status, metrics::webRequestGivenUp));
    web = server.address();
    DeferredAccept.set(web.getPort(), WebServer.SILENCE);

    List<Consumer<ConfigChange>> changing =
        List.of(
            // First, since nothing has changed if a receiver cannot be built.
            change -> use(change, factory, dispatcher, metrics),
            change -> use(change, heartbeatNotifier, metrics),
            change -> crossChecker.use(change.after().config()),
            change -> scan.use(change.after()));
    reloader = new ConfigReloader(files, read, scan, changing, store::enter);
    WatchdogNotifier watchdog = new WatchdogNotifier(manager, lastScan);
    JobRunner jobs =
        add(
            new JobRunner(
                scan,
                crossChecker,
                reloader,
                store::checkFiles,
                metrics,
                watchdog,
                clock,
                store::enter));
    scheduler = add(JobScheduler.start(config.scan(), config.crossCheck(), jobs));
  }

  private static void use(ConfigChange change, HeartbeatNotifier heartbeat, Metrics metrics) {
    if (change.isValid()) {
      heartbeat.use(change.after().config());
      metrics.heartbeatConfigured(change.after().config().heartbeat() != null);
    }
  }

  private static void use(
      ConfigChange change, ReceiverFactory factory, Dispatcher dispatcher, Metrics metrics) {
    Map<String, ConfiguredReceiver> receivers =
        change.isValid() ? factory.of(change.after().config()) : Map.of();
    metrics.configLoaded(change.isValid());
    if (change.isValid()) {
      metrics.receivers(receivers.keySet());
      dispatcher.change(receivers);
      metrics.policyActive(change.after().loaded().policyDigest());
    }
  }

  /**
   * Starts the agent of this host. On SIGHUP it reads its files again.
   *
   * @param read how the files stood when they were loaded
   * @param files reads the files again
   * @throws CannotStart if its state folder or its web address is not available
   */
  public static Agent start(LoadedConfig loaded, FileStamps read, Supplier<LoadAttempt> files)
      throws CannotStart {
    Logging.daemon(loaded.config().log());
    // First of all: without a handler SIGHUP ends the process.
    SighupHandler sighup = SighupHandler.install();
    Agent agent = start(loaded, read, files, HostFactory.open(true), Clock.systemUTC());
    sighup.runs(agent::reload);
    return agent;
  }

  static Agent start(
      LoadedConfig loaded, FileStamps read, Supplier<LoadAttempt> files, Host host, Clock clock)
      throws CannotStart {
    try {
      Agent agent = new Agent(loaded, read, files, host, clock);
      LOG.info(
          "Portcurfew {} watches {} with {} ({} rules); metrics are at http:/{}/metrics",
          BuildVersion.OF_THIS_BUILD,
          host.name(),
          loaded.policySource(),
          loaded.policy().rules().size(),
          agent.web);
      loaded
          .origin()
          .warnings(Policy.day(clock.instant()))
          .forEach(warning -> LOG.warn("{}", warning));
      String exposed = WebExposure.of(loaded.config().web());
      if (exposed != null) {
        LOG.warn("{}", exposed);
      }
      return agent;
    } catch (StateFolder.Unusable e) {
      throw new CannotStart(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CannotStart("cannot listen on " + loaded.config().web() + ": " + e, e);
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

  private void reload() {
    reloader.request();
    scheduler.now(JobScheduler.RELOAD);
  }

  /** The address of the web server. */
  public InetSocketAddress web() {
    return web;
  }

  /**
   * Scans until SIGTERM or SIGINT, closes everything and ends the process with status 0. Without
   * this a JVM that a signal ends would exit with 143, which service managers take for a failure.
   */
  public void runUntilSignal() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "portcurfew-end"));
    scheduler.run();
    Thread.currentThread().join();
  }

  private void end() {
    manager.stopping();
    close();
    LOG.info("Portcurfew has stopped");
    Runtime.getRuntime().halt(0);
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      Closeables.quietly(parts.pop());
    }
  }
}
