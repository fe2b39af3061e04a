package io.portcurfew.daemon;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.WebExposure;
import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.policy.ProofPlatform;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.logging.Logging;
import io.portcurfew.observe.linux.kernel.DeferredAccept;
import io.portcurfew.policy.Policy;
import io.portcurfew.process.Closeables;
import io.portcurfew.state.StateFolder;
import io.portcurfew.systemd.ServiceManager;
import io.portcurfew.text.CountedNoun;
import io.portcurfew.web.WebServer;
import io.portcurfew.web.access.AccessControl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running daemon: builds everything top to bottom and closes it in reverse. */
public final class Agent implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<String> defaults;
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
      LoadedConfig loaded,
      FileStamps read,
      Supplier<LoadAttempt> files,
      Host host,
      Surroundings around)
      throws StateFolder.Unusable, IOException {
    AgentConfig config = loaded.config();
    defaults = DefaultsNotice.lines(loaded);
    AccessControl access = new AccessControl(loaded.access(), around.timing());
    AgentCore core = add(new AgentCore(loaded, read, files, host, around, manager, access::use));
    reloader = core.reloader();
    WebServer server =
        add(
            WebServer.start(
                config.web(), access, core.status(), core.metrics()::webRequestGivenUp));
    web = server.address();
    DeferredAccept.set(web.getPort(), WebServer.SILENCE);
    scheduler = add(JobScheduler.start(config, core.jobs()));
    EventLoop loop =
        new EventLoop(
            core.events(),
            batch -> core.scan().sighted(batch, around.clock().instant()),
            () -> scheduler.now(JobScheduler.SCAN),
            around.timing());
    add(core.events().start(config.events(), loop));
  }

  /**
   * Starts the agent of this host. On SIGHUP it reads its files again.
   *
   * @param read the state of the files when they were loaded
   * @param files reads the files again
   * @throws CannotStart if its state folder or its web address is not available
   */
  public static Agent start(LoadedConfig loaded, FileStamps read, Supplier<LoadAttempt> files)
      throws CannotStart {
    Logging.daemon(loaded.config().log());
    // First of all: without a handler SIGHUP ends the process.
    SighupHandler sighup = SighupHandler.install();
    Agent agent = start(loaded, read, files, HostFactory.open(true), Surroundings.ofThisProcess());
    sighup.runs(agent::reload);
    return agent;
  }

  static Agent start(
      LoadedConfig loaded,
      FileStamps read,
      Supplier<LoadAttempt> files,
      Host host,
      Surroundings around)
      throws CannotStart {
    try {
      Agent agent = new Agent(loaded, read, files, host, around);
      LOG.info(
          "Portcurfew {} watches {} with {} ({}); metrics are at {}:/{}/metrics",
          BuildVersion.OF_THIS_BUILD,
          host.name(),
          loaded.policySource(),
          CountedNoun.of(loaded.policy().rules().size(), "rule"),
          loaded.access().tls() == null ? "http" : "https",
          agent.web);
      loaded
          .origin()
          .warnings(Policy.day(around.clock().instant()), ProofPlatform.ofThisHost())
          .forEach(warning -> LOG.warn("{}", warning));
      String exposed = WebExposure.of(loaded.config().web(), loaded.access());
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

  private <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  private void reload() {
    reloader.request();
    scheduler.now(JobScheduler.RELOAD);
  }

  /** Logs in two lines what an agent without a config file does. */
  public void logDefaults() {
    defaults.forEach(LOG::info);
  }

  /** The address of the web server. */
  public InetSocketAddress web() {
    return web;
  }

  /**
   * Scans until SIGTERM or SIGINT, closes everything and ends the process with status 0. Without
   * this, a signal would end the JVM with status 143, which service managers treat as a failure.
   */
  public void runUntilSignal() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "portcurfew-end"));
    scheduler.run();
    awaitExit();
  }

  /**
   * Waits for {@link #end} on its own thread; the end of the scheduler interrupts a running job.
   */
  private static void awaitExit() {
    while (true) {
      try {
        Thread.currentThread().join();
      } catch (InterruptedException stopping) {
        LOG.debug("interrupted while the agent stops");
      }
    }
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
