package io.portcurfew.simulation;

import io.portcurfew.notify.Notification;
import io.portcurfew.simulation.Timeline.ScanRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that whatever lasted long enough was reported. */
final class CompletenessCheck {

  private final Timeline timeline;
  private final List<String> wrong;

  CompletenessCheck(Timeline timeline, List<String> wrong) {
    this.timeline = timeline;
    this.wrong = wrong;
  }

  /**
   * Whatever good scans saw for longer than its time and two intervals was reported, and goes on as
   * long as they see it.
   *
   * @param since the receiver has been in the config since then; what it knew before does not count
   */
  void check(SimulatedReceiver receiver, Set<Integer> ports, Duration since) {
    List<Notification> all = Oracle.shown(receiver.acceptedSince(since));
    Set<Oracle.Key> doubtful = Oracle.refused(receiver);
    for (int port : ports) {
      List<ScanRecord> run = new ArrayList<>();
      for (ScanRecord scan : timeline.scans()) {
        if (scan.calm()
            && scan.start().compareTo(since) >= 0
            && scan.by().rule(port).isPresent()
            && timeline.openThroughout(port, scan.start(), scan.end())
            && (run.isEmpty() || same(port, run.get(run.size() - 1), scan))) {
          run.add(scan);
        } else {
          reported(receiver, port, run, all, doubtful);
          run.clear();
        }
      }
    }
  }

  /** Each listener that an event reported to a calm agent was notified, open or not. */
  void checkBriefs(SimulatedReceiver receiver) {
    List<Notification> all = Oracle.shown(receiver.accepted());
    Set<Oracle.Key> doubtful = Oracle.refused(receiver);
    for (Timeline.Brief one : timeline.briefs()) {
      Oracle.Key key = new Oracle.Key("npmp", "open", one.port());
      if (!doubtful.contains(key) && !wasKnown(key, one.at(), all)) {
        wrong.add(
            "%s was never notified of %s, briefly open at %s"
                .formatted(receiver.name(), key, one.at()));
      }
    }
  }

  private boolean same(int port, ScanRecord before, ScanRecord after) {
    return timeline.openThroughout(port, before.start(), after.end());
  }

  private void reported(
      SimulatedReceiver receiver,
      int port,
      List<ScanRecord> run,
      List<Notification> all,
      Set<Oracle.Key> doubtful) {
    if (run.size() < 3) {
      return;
    }
    ScanRecord first = run.get(0);
    ScanRecord last = run.get(run.size() - 1);
    Duration least = Duration.ofSeconds(port == SimulatedConfig.WEB ? 55 : 20);
    String rule = first.by().rule(port).orElseThrow();
    Oracle.Key key = new Oracle.Key(rule, "open", port);
    if (last.end().minus(first.start()).compareTo(least) < 0
        || !last.by().rule(port).equals(first.by().rule(port))
        || !SimulatedConfig.wants(receiver.name(), rule)
        || rule.equals("sshd")
        || doubtful.contains(key)) {
      return;
    }
    if (!wasKnown(key, last.wall(), all)) {
      wrong.add(
          "%s was never notified of %s, open from %s to %s"
              .formatted(receiver.name(), key, first.wall(), last.wall()));
    }
  }

  /** True if an alert about this had not ended at this time, as far as the messages show. */
  private boolean wasKnown(Oracle.Key key, Instant at, List<Notification> all) {
    Map<String, Instant> ends = new HashMap<>();
    for (Notification one : all) {
      if (Oracle.key(one).equals(key)) {
        Instant end = one.alert().endsAt();
        boolean known = end != null && !timeline.wentBack();
        ends.merge(
            one.alert().id(),
            known ? end : Instant.MAX,
            (before, after) -> before.isBefore(after) ? before : after);
      }
    }
    return ends.values().stream().anyMatch(end -> !end.isBefore(at));
  }
}
