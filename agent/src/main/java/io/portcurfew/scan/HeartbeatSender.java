package io.portcurfew.scan;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.alert.StableId;
import io.portcurfew.config.receivers.Heartbeat;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.Severity;
import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends regular heartbeats to one receiver, so that somebody else notices if the agent stops.
 * Heartbeats are sent only after a completed scan. A heartbeat is tried once, beside the queue of
 * the receiver, and is never saved: a late one has no value.
 */
public final class HeartbeatSender implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeartbeatSender.class);

  private final Function<String, @Nullable Notifier> receivers;
  private final Consumer<Delivery> outcome;
  private final ExecutorService thread;
  private final AtomicBoolean sending = new AtomicBoolean();
  private @Nullable Duration due;
  private @Nullable Instant since;

  /**
   * @param receivers by name
   * @param outcome is given the outcome of each heartbeat, from another thread
   */
  public HeartbeatSender(
      Function<String, @Nullable Notifier> receivers, Consumer<Delivery> outcome, Threads threads) {
    this.thread = threads.oneByOne("portcurfew-heartbeat");
    this.receivers = receivers;
    this.outcome = outcome;
  }

  /**
   * Sends a heartbeat after this scan if one is due, and returns at once.
   *
   * @param wanted the settings; {@code null} for no heartbeat
   * @param now monotonic time
   * @param policy the digest of the active policy
   * @param head the last entry of the audit log
   */
  void scanned(
      Snapshot snapshot,
      @Nullable Heartbeat wanted,
      Duration now,
      String policy,
      @Nullable String head) {
    // None for a moment while a reload replaces it: then the heartbeat is due at the next scan.
    Notifier notifier = wanted == null ? null : receivers.apply(wanted.receiver());
    if (wanted != null && notifier != null && isDue(now, wanted.every())) {
      start(notifier, notification(snapshot, policy, head));
    }
  }

  /** Intervals count from the first heartbeat, because scans are a little later each time. */
  private boolean isDue(Duration now, Duration every) {
    Duration late = due == null ? every : now.minus(due);
    // A reload may have made the interval shorter.
    if (late.isNegative() && late.negated().compareTo(every) <= 0) {
      return false;
    }
    boolean inStep = !late.isNegative() && late.compareTo(every) < 0;
    due = now.minus(inStep ? late : Duration.ZERO).plus(every);
    return true;
  }

  private Notification notification(Snapshot snapshot, String policy, @Nullable String head) {
    Instant now = snapshot.takenAt();
    Instant first = since;
    if (first == null) {
      first = now;
      since = now;
    }
    String host = snapshot.host().toString();
    String label = AgentCondition.HEARTBEAT.label();
    Finding finding =
        AgentFindings.of(AgentCondition.HEARTBEAT, Severity.INFO, message(snapshot), List.of());
    Alert alert = new Alert(StableId.of(label, host), AlertState.FIRING, finding, first, null);
    String id = StableId.of(label, host, now.toString());
    return new Notification(id, Reason.REPEATED, alert, host, policy, null, head);
  }

  private static String message(Snapshot snapshot) {
    return "Portcurfew is running: "
        + snapshot.listeners().size()
        + " listeners"
        + (snapshot.complete() ? "" : ", but not everything could be seen");
  }

  /** One at a time: while a receiver hangs, heartbeats are left out. */
  private void start(Notifier notifier, Notification notification) {
    if (sending.compareAndSet(false, true)
        && !DaemonThreads.execute(thread, () -> deliver(notifier, notification))) {
      sending.set(false);
      LOG.error("cannot start the heartbeat thread");
      outcome.accept(new Delivery.Retry("the agent cannot start a thread"));
    }
  }

  private void deliver(Notifier notifier, Notification notification) {
    Delivery result = attempt(notifier, notification);
    sending.set(false);
    outcome.accept(result);
  }

  private static Delivery attempt(Notifier notifier, Notification notification) {
    try {
      return notifier.deliver(notification);
    } catch (InterruptedException end) {
      return new Delivery.Retry("the agent stops", null);
    } catch (RuntimeException | Error bug) {
      // An Error must not end the heartbeats for good.
      LOG.error("the heartbeat failed; this is a bug in Portcurfew", bug);
      return new Delivery.Refused("a bug in Portcurfew");
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
