package io.portcurfew.daemon;

import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.host.Host;
import io.portcurfew.json.JsonTree;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.Timing;
import io.portcurfew.notify.receivers.NotifierFactory;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.process.Threads;
import io.portcurfew.scan.Scan;
import io.portcurfew.state.StateFolder;
import io.portcurfew.systemd.ServiceManager;
import io.portcurfew.web.PageSource;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The real agent, whose jobs a simulation runs. */
public final class SteppedAgent implements AutoCloseable {

  private static final int EXPLAINED_PORT = 611;

  private final AgentCore core;
  private final Clock clock;

  /**
   * The time, threads and receivers of the simulation.
   *
   * @param receivers makes notifiers that may repeat what fires
   */
  public record Around(
      Clock clock,
      Timing timing,
      Threads threads,
      RandomGenerator random,
      Notifier log,
      Function<Supplier<List<Notification>>, NotifierFactory> receivers,
      NotifierFactory heartbeats) {}

  public SteppedAgent(Supplier<LoadAttempt> files, Host host, Around around)
      throws StateFolder.Unusable {
    clock = around.clock;
    LoadAttempt read = files.get();
    if (!(read.read() instanceof ReadResult.Good<LoadedConfig> good)) {
      throw new IllegalStateException("the files of the simulation are invalid: " + read.read());
    }
    int[] made = {0};
    Surroundings surroundings =
        new Surroundings(
            around.clock,
            around.timing,
            around.threads,
            around.random,
            around.log,
            firing -> made[0]++ == 0 ? around.receivers.apply(firing) : around.heartbeats);
    core =
        new AgentCore(
            good.value(),
            read.stamps(),
            files,
            host,
            surroundings,
            ServiceManager.of(Map.of()),
            access -> {});
  }

  public void scan() {
    core.jobs().scan();
  }

  public void crossCheck() {
    core.jobs().crossCheck();
  }

  /** Reads changed files, and checks those of the database. */
  public void reload() {
    core.jobs().reload(change -> {});
  }

  /** As SIGHUP does; the next {@link #reload} reads the files. */
  public void requestReload() {
    core.reloader().request();
  }

  /** As the thread of the events does; true if a scan should follow at once. */
  public boolean sighted(EventBatch batch) {
    return core.scan().sighted(batch, clock.instant());
  }

  /** Every page of the web server, as its readers get them. */
  public void readStatus() {
    AgentStatus status = core.status();
    status.health();
    for (boolean owners : new boolean[] {true, false}) {
      status.page(owners);
      status.explanation(EXPLAINED_PORT, owners);
      for (PageSource.Resource resource : PageSource.Resource.values()) {
        JsonTree.of(new String(status.json(resource, owners), StandardCharsets.UTF_8));
      }
    }
    metrics();
  }

  /** The alerts as the web server shows them, in JSON. */
  public String alerts() {
    return new String(core.status().json(PageSource.Resource.ALERTS, true), StandardCharsets.UTF_8);
  }

  /** True if the last config that it read is not the active one. */
  public boolean rejectsConfig() {
    return core.scan().active().notLoaded() != null;
  }

  public String metrics() {
    return core.status().metrics(false);
  }

  /** The digest of the policy that the next scan uses. */
  public String policy() {
    return core.scan().active().loaded().policyDigest();
  }

  public boolean wantsDigests() {
    return core.scan().active().policy().asksFor().contains(OwnerFact.SHA256);
  }

  /** The time of the last completed scan; null before the first. */
  public Instant lastScan() {
    Scan.Result last = core.scan().last();
    return last == null ? null : last.takenAt();
  }

  @Override
  public void close() {
    core.close();
  }
}
