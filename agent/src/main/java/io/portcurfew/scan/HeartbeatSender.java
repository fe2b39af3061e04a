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
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one receiver that the agent is there and looks, so that somebody else notices when it does
 * not. Only a scan that ended makes it beat. A beat is tried once, beside all that waits for the
 * receiver, and is never written down: one that comes late says nothing.
 */
public final class HeartbeatSender implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeartbeatSender.class);

  private final Function<String, @Nullable Notifier> receivers;
  private final Consumer<Delivery> outcome;
  private final AtomicReference<@Nullable Thread> beating = new AtomicReference<>();
  private @Nullable Duration due;
  private @Nullable Instant since;

  /**
   * @param receivers by name
   * @param outcome hears of every beat, from another thread
   */
  public HeartbeatSender(
      Function<String, @Nullable Notifier> receivers, Consumer<Delivery> outcome) {
    this.receivers = receivers;
    this.outcome = outcome;
  }

  /**
   * A scan ended: beats where it is time, and returns at once.
   *
   * @param wanted {@code null} where no beat is
   * @param now since some moment that is always the same
   * @param policy the digest of the policy in force
   * @param head the end of the history
   */
  void scanned(
      Snapshot snapshot,
      @Nullable Heartbeat wanted,
      Duration now,
      String policy,
      @Nullable String head) {
    if (wanted == null || !isDue(now, wanted.every())) {
      return;
    }
    Notifier notifier = receivers.apply(wanted.receiver());
    if (notifier != null) {
      beat(notifier, notification(snapshot, policy, head));
    }
  }

  /** In step with the first one, not with the scans, which come a little later each time. */
  private boolean isDue(Duration now, Duration every) {
    Duration late = due == null ? every : now.minus(due);
    // It may have been made shorter meanwhile.
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
    String word = FindingKind.HEARTBEAT.label();
    Finding finding =
        AgentFindings.of(FindingKind.HEARTBEAT, Severity.INFO, words(snapshot), List.of());
    Alert alert = new Alert(StableId.of(word, host), AlertState.FIRING, finding, first, null);
    String id = StableId.of(word, host, now.toString());
    return new Notification(id, Reason.REPEATED, alert, host, policy, null, head);
  }

  private static String words(Snapshot snapshot) {
    return "Portcurfew is there and looks: "
        + snapshot.listeners().size()
        + " listeners"
        + (snapshot.complete() ? "" : ", but it cannot see everything");
  }

  /** One at a time: where a receiver hangs, the beat is left out. */
  private void beat(Notifier notifier, Notification notification) {
    Thread thread = new Thread(() -> deliver(notifier, notification), "portcurfew-heartbeat");
    thread.setDaemon(true);
    if (beating.compareAndSet(null, thread)) {
      try {
        thread.start();
      } catch (OutOfMemoryError noThread) {
        beating.set(null);
        LOG.error("no thread can be had for the heartbeat");
      }
    }
  }

  private void deliver(Notifier notifier, Notification notification) {
    Delivery came = attempt(notifier, notification);
    beating.set(null);
    outcome.accept(came);
  }

  private static Delivery attempt(Notifier notifier, Notification notification) {
    try {
      return notifier.deliver(notification);
    } catch (InterruptedException end) {
      return new Delivery.Retry("the agent ends", null);
    } catch (RuntimeException bug) {
      LOG.error("the heartbeat failed by a fault of our own", bug);
      return new Delivery.Refused("a fault of our own");
    }
  }

  @Override
  public void close() {
    Thread thread = beating.get();
    if (thread != null) {
      thread.interrupt();
    }
  }
}
