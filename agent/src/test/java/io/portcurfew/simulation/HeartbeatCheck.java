package io.portcurfew.simulation;

import java.time.Duration;
import java.util.List;

/** Checks that heartbeats come as long as scans end and their receiver is up. */
final class HeartbeatCheck {

  /** The heartbeat's interval, the longest pause between scans, and a slow scan. */
  private static final Duration MOST = Duration.ofSeconds(110);

  /** The longest way of a heartbeat to a receiver that is slow. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(15);

  private final SimulatedReceiver receiver;
  private final List<String> wrong;
  private Duration since = Duration.ZERO;
  private Duration lastScan = Duration.ZERO;
  private int checked;

  HeartbeatCheck(SimulatedReceiver receiver, List<String> wrong) {
    this.receiver = receiver;
    this.wrong = wrong;
  }

  /** Counts from now on, as after a start or another config. */
  void begin(Duration now) {
    since = now;
  }

  /** Called after each scan. */
  void scanEnded(Duration now, boolean wanted) {
    followedAScan();
    lastScan = now;
    if (receiver.mood() == SimulatedReceiver.Mood.DOWN || !wanted) {
      since = now;
      return;
    }
    List<Duration> all = receiver.heartbeats();
    Duration last = all.isEmpty() ? since : all.get(all.size() - 1);
    Duration from = later(later(last, since), receiver.brokenAt());
    if (now.minus(from).compareTo(MOST) > 0) {
      wrong.add("no heartbeat for " + now.minus(from).toSeconds() + " s");
    }
  }

  /** A heartbeat without a scan would hide that the agent no longer scans. */
  private void followedAScan() {
    List<Duration> all = receiver.heartbeats();
    for (Duration heartbeat : all.subList(checked, all.size())) {
      if (heartbeat.minus(lastScan).compareTo(ON_ITS_WAY) > 0) {
        wrong.add("a heartbeat came without a scan");
      }
    }
    checked = all.size();
  }

  private static Duration later(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
