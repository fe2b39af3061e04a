package io.portcurfew.daemon;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.ConfiguredReceiver;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.notify.Grouping;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.RateLimit;
import io.portcurfew.notify.receivers.FiringAlerts;
import io.portcurfew.notify.receivers.LogNotifier;
import io.portcurfew.notify.receivers.Notifiers;
import io.portcurfew.policy.Policy;
import io.portcurfew.process.Closeables;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.AgentHealth;
import io.portcurfew.scan.AlertKeeper;
import io.portcurfew.scan.AlertPipeline;
import io.portcurfew.scan.EvidenceCollector;
import io.portcurfew.scan.HeartbeatSender;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.LastScanTime;
import io.portcurfew.state.StateFolder;
import io.portcurfew.store.Store;
import io.portcurfew.store.StoreState;
import io.portcurfew.systemd.ServiceManager;
import io.portcurfew.web.Pages;
import io.portcurfew.web.WebServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running daemon: builds everything top to bottom and closes it in reverse. */
public final class Agent implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** The name of the receiver that is always there. */
  static final String LOG_RECEIVER = "log";

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final InetSocketAddress web;
  private final ConfigReloader reload;
  private final JobScheduler schedule;
  private final ServiceManager manager = ServiceManager.of(System.getenv());

  /** The agent cannot start; the message says why, for an admin. */
  public static final class CannotStart extends Exception {
    private static final long serialVersionUID = 1L;

    CannotStart(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private Agent(
      LoadedConfig loaded, FileStamps read, Supplier<LoadAttempt> files, Host host, Clock clock)
      throws StateFolder.Unusable, IOException {
    AgentConfig config = loaded.config();
    parts.push(StateFolder.take(config.state()));
    Supplier<Duration> elapsed = () -> Duration.ofNanos(System.nanoTime());
    Store store = add(Store.open(config.state(), clock, elapsed));
    LastScanTime lastLook = new LastScanTime(config.state());
    boolean inOrder = store.start(started(loaded));
    parts.push(store::stop);
    AgentHealth sight = new AgentHealth(inOrder ? Duration.ZERO : sinceThen(lastLook, clock));
    Metrics metrics = new Metrics(BuildVersion.OF_THIS_BUILD);
    FiringAlerts firing = new FiringAlerts();
    Notifiers notifiers = new Notifiers(BuildVersion.OF_THIS_BUILD, clock, firing);
    Map<String, ConfiguredReceiver> receivers = receivers(config, notifiers);
    metrics.receivers(receivers.keySet());
    metrics.configLoaded(true);
    metrics.policyInForce(loaded.policyDigest());
    metrics.store(() -> stored(store.state(), store.head()));
    Dispatcher dispatcher =
        add(new Dispatcher(receivers, metrics::delivery, store, RateLimit.USUAL, new Random()));
    metrics.outbox(dispatcher::outbox);
    add(host);
    EvidenceCollector teller = add(new EvidenceCollector(dispatcher::send));
    HeartbeatSender heart =
        add(
            new HeartbeatSender(
                dispatcher::notifier,
                outcome ->
                    metrics.heartbeat(outcome instanceof Delivery.Delivered, clock.instant())));
    AlertPipeline book = new AlertKeeper(store, dispatcher, teller, heart, firing, sight, elapsed);
    Scan scan = new Scan(host, ActiveConfig.of(loaded), book, metrics);
    teller.ask(limit -> scan.compare(clock.instant(), limit));
    AgentStatus status = new AgentStatus(host.name(), scan, metrics, clock);
    Pages pages = new Pages(status::metrics, status::health, status::page);
    WebServer server = add(WebServer.start(config.web(), pages));
    metrics.webRequestsGivenUp(server::requestsGivenUp);
    web = server.address();
    WatchdogNotifier pulse = new WatchdogNotifier(manager, lastLook);
    JobRunner work = add(new JobRunner(scan, metrics, pulse, clock));
    schedule =
        add(
            JobScheduler.start(
                config.scan(), config.crossCheck(), work::scan, work::crossCheck, work::skipped));
    Consumer<AgentConfig> change =
        next -> {
          Map<String, ConfiguredReceiver> others = receivers(next, notifiers);
          metrics.receivers(others.keySet());
          dispatcher.change(others);
        };
    reload = new ConfigReloader(files, read, scan, schedule, metrics, change, store::enter);
    schedule.repeat(
        ConfigReloader.JOB,
        ConfigReloader.LOOK_EVERY,
        () -> work.run(ConfigReloader.JOB, now -> reload.run()));
  }

  /**
   * Starts the agent of this host. SIGHUP makes it read its files again.
   *
   * @param read how the files stood when they were loaded
   * @param files reads them again
   * @throws CannotStart where its state folder or its web address cannot be had
   */
  public static Agent start(LoadedConfig loaded, FileStamps read, Supplier<LoadAttempt> files)
      throws CannotStart {
    Logging.daemon(loaded.config().log());
    // From the first moment on: until somebody takes it, SIGHUP ends the process.
    SighupHandler hangUp = SighupHandler.taken();
    Agent agent = start(loaded, read, files, HostFactory.open(true), Clock.systemUTC());
    hangUp.runs(agent.reload::ask);
    return agent;
  }

  static Agent start(
      LoadedConfig loaded, FileStamps read, Supplier<LoadAttempt> files, Host host, Clock clock)
      throws CannotStart {
    try {
      Agent agent = new Agent(loaded, read, files, host, clock);
      LOG.info(
          "Portcurfew {} watches {} by {} with {} rules; metrics are at http:/{}/metrics",
          BuildVersion.OF_THIS_BUILD,
          host.name(),
          loaded.policySource(),
          loaded.policy().rules().size(),
          agent.web);
      loaded
          .origin()
          .warnings(Policy.day(clock.instant()))
          .forEach(warning -> LOG.warn("{}", warning));
      return agent;
    } catch (StateFolder.Unusable e) {
      throw new CannotStart(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CannotStart("cannot listen on " + loaded.config().web() + ": " + e, e);
    }
  }

  private static Map<String, ConfiguredReceiver> receivers(
      AgentConfig config, Notifiers notifiers) {
    Map<String, ConfiguredReceiver> receivers = new LinkedHashMap<>();
    receivers.put(LOG_RECEIVER, ConfiguredReceiver.ofAll(new LogNotifier()));
    for (Receiver receiver : config.receivers()) {
      Notifier notifier = notifiers.of(receiver.name(), receiver.settings(), receiver.filter());
      boolean byItself = receiver.settings().followsAlerts();
      Grouping grouping = byItself ? Grouping.NONE : config.grouping();
      receivers.put(receiver.name(), new ConfiguredReceiver(notifier, receiver.filter(), grouping));
    }
    return receivers;
  }

  private static Metrics.Stored stored(StoreState state, @Nullable String head) {
    return new Metrics.Stored(state.writable(), state.waiting(), state.lost(), head);
  }

  private static Duration sinceThen(LastScanTime lastLook, Clock clock) {
    return lastLook
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

  /** Where the web server listens. */
  public InetSocketAddress web() {
    return web;
  }

  /**
   * Looks again and again until the process is told to end (SIGTERM, SIGINT), closes everything and
   * ends the process with status 0. A JVM that a signal ends would else exit with 143, which
   * service managers take for a failure.
   */
  public void runUntilTold() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "portcurfew-end"));
    schedule.run();
    Thread.currentThread().join();
  }

  private void end() {
    manager.stopping();
    close();
    LOG.info("Portcurfew has ended");
    Runtime.getRuntime().halt(0);
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      Closeables.quietly(parts.pop());
    }
  }
}
