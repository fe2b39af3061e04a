package io.portcurfew.scan;

import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Silences;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.notify.NotificationFactory;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.notify.receivers.FiringAlerts;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The book of the daemon: what is told is saved before it is told. */
public final class AlertKeeper implements AlertPipeline {

  private static final Logger LOG = LoggerFactory.getLogger(AlertKeeper.class);

  private final Store store;
  private final Dispatcher dispatcher;
  private final EvidenceCollector teller;
  private final HeartbeatSender heart;
  private final FiringAlerts firing;
  private final Supplier<Duration> elapsed;
  private final AgentHealth sight;
  private final GapLog gaps;

  /**
   * @param elapsed time that only goes forward, since some moment that is always the same
   */
  public AlertKeeper(
      Store store,
      Dispatcher dispatcher,
      EvidenceCollector teller,
      HeartbeatSender heart,
      FiringAlerts firing,
      AgentHealth sight,
      Supplier<Duration> elapsed) {
    this.store = store;
    this.dispatcher = dispatcher;
    this.teller = teller;
    this.heart = heart;
    this.firing = firing;
    this.sight = sight;
    this.elapsed = elapsed;
    this.gaps = new GapLog(this::gapChanged);
  }

  /** A namespace that is not seen is a line of the log too, as it may be so for good. */
  private void gapChanged(String what, Map<String, ?> details) {
    store.enter(what, details);
    if (details.containsKey("namespace")) {
      LOG.info(
          "{} of network namespace {}: {}",
          what,
          details.get("namespace"),
          "portcurfew doctor prints why, and what would change it");
    }
  }

  @Override
  public Alerts alerts() {
    return store.alerts();
  }

  @Override
  public Silences silences(Instant now) {
    return store.silences(now);
  }

  @Override
  public List<Finding> findings(ScanTimes times) {
    return sight.and(elapsed.get(), times, AgentFindings.of(store.state()));
  }

  @Override
  public void keep(Snapshot snapshot, AlertChanges changes, ActiveConfig by) {
    String host = snapshot.host().toString();
    String policy = by.loaded().policyDigest();
    Duration now = elapsed.get();
    List<RoutedNotification> told = dispatcher.route(NotificationFactory.of(changes, host, policy));
    store.save(changes, told);
    // Before it is told: a receiver must not hear again of what it was told to be over.
    firing.update(changes.after(), host, policy);
    store.saveListeners(snapshot);
    gaps.saw(snapshot.gaps(), now);
    store.maintain();
    teller.tell(told);
    if (!changes.after().open().isEmpty()) {
      dispatcher.somethingFires();
    }
    sight.saw(snapshot.sources());
    heart.scanned(snapshot, by.config().heartbeat(), now, policy, store.head());
  }

  @Override
  public void compared(Collection<SourceReport> sources) {
    sight.saw(sources);
  }
}
