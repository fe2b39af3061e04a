package io.portcurfew.simulation;

import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Notification;
import io.portcurfew.store.History;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What has to be so once nothing has changed for a while. */
final class QuietCheck {

  private static final Pattern LABEL = Pattern.compile("(receiver|source)=\"([^\"]+)\"");

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

  void check(
      Map<String, SimulatedReceiver> receivers, Set<String> removed, int kills, String metrics) {
    for (String name : active.receivers()) {
      if (!metrics.contains("portcurfew_outbox_notifications{receiver=\"" + name + "\"} 0.0")) {
        oracle.wrong().add(name + " still waits for notifications");
      }
      SimulatedReceiver receiver = receivers.get(name);
      if (receiver == null) {
        continue;
      }
      boolean stays = !removed.contains(name);
      oracle.check(receiver, kills, false);
      oracle.checkQuiet(receiver, host, active, stays);
      if (stays) {
        complete.check(receiver, Set.of(611, 8080, 7000, 7001, 7002, 7100, 7101));
        complete.checkBriefs(receiver);
      }
    }
    series(metrics);
    log(receivers);
  }

  private void series(String metrics) {
    Set<String> shown = new TreeSet<>();
    Matcher label = LABEL.matcher(metrics);
    while (label.find()) {
      shown.add(label.group(2));
    }
    Set<String> expected = new TreeSet<>(active.receivers());
    expected.add(SimulatedHost.FIRST);
    expected.add(SimulatedHost.WITNESS);
    if (active.sweep()) {
      expected.add("bind_sweep");
    }
    if (!shown.equals(expected)) {
      oracle.wrong().add("the metrics have series of " + shown + ", not of " + expected);
    }
    boolean heartbeat = metrics.contains("\nportcurfew_last_heartbeat_timestamp_seconds ");
    if (heartbeat != active.heartbeat()) {
      oracle.wrong().add("the time of the last heartbeat is in the metrics: " + heartbeat);
    }
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
      for (History.Entry entry : history.entries(Instant.EPOCH)) {
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
