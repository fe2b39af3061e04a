package io.portcurfew.simulation;

import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Notification;
import io.portcurfew.store.DatabaseCheck;
import io.portcurfew.store.History;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What has to be so once nothing has changed for a while. */
final class QuietCheck {

  private static final Set<Integer> PORTS = Set.of(611, 8080, 7000, 7001, 7002, 7100, 7101);

  private final Oracle oracle;
  private final SimulatedHost host;
  private final SimulatedConfig active;
  private final Path state;
  private final CompletenessCheck complete;

  QuietCheck(
      Oracle oracle,
      SimulatedHost host,
      SimulatedConfig active,
      Path state,
      CompletenessCheck complete) {
    this.oracle = oracle;
    this.host = host;
    this.active = active;
    this.state = state;
    this.complete = complete;
  }

  /**
   * Checks it.
   *
   * @param removed the receivers that were removed at some time
   * @param addedAt when those of them that are in the config were added
   */
  void check(
      Map<String, SimulatedReceiver> receivers,
      Set<String> removed,
      Map<String, Duration> addedAt,
      int kills,
      String metrics) {
    for (String name : active.receivers()) {
      if (!metrics.contains("portcurfew_outbox_notifications{receiver=\"" + name + "\"} 0.0")
          || DatabaseCheck.pending(state, name) > 0) {
        oracle.wrong().add(name + " still waits for notifications");
      }
      SimulatedReceiver receiver = receivers.get(name);
      if (receiver == null) {
        continue;
      }
      boolean stays = !removed.contains(name);
      oracle.check(receiver, kills, stays);
      Duration since = addedAt.getOrDefault(name, Duration.ZERO);
      oracle.checkQuiet(receiver, host, active, stays, since);
      if (stays) {
        complete.checkBriefs(receiver);
      }
      complete.check(receiver, PORTS, since);
    }
    oracle.wrong().addAll(SeriesCheck.ofReceivers(metrics, active));
    oracle.wrong().addAll(SeriesCheck.ofSources(metrics, active));
    log(receivers);
  }

  /** A new receiver and a repetition are no change of an alert. */
  private static boolean changesAnAlert(Reason reason) {
    return reason != Reason.REPEATED && reason != Reason.ALREADY_FIRING;
  }

  /** The audit log is whole and has the change behind each message. */
  private void log(Map<String, SimulatedReceiver> receivers) {
    Set<String> entries = new HashSet<>();
    try (History history = History.in(state)) {
      String broken = history.verify(null).broken();
      if (broken != null) {
        oracle.wrong().add("the audit log is broken: " + broken);
      }
      for (History.HistoryEntry entry : history.entries(Instant.EPOCH)) {
        if (entry.what().equals("alert")) {
          entries.add(entry.details().text("id") + " " + entry.details().textOr("told"));
        }
      }
    } catch (History.Unreadable e) {
      oracle.wrong().add("the database cannot be read: " + e.getMessage());
    }
    for (SimulatedReceiver receiver : receivers.values()) {
      for (SimulatedReceiver.Accepted one : receiver.accepted()) {
        Notification sent = one.notification();
        if (sent.summary() == null
            && changesAnAlert(sent.reason())
            && !entries.contains(sent.alert().id() + " " + sent.reason().label())) {
          oracle.wrong().add("the audit log lacks " + Oracle.text(sent));
          return;
        }
      }
    }
  }
}
