package io.portcurfew.simulation;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.simulation.Timeline.ScanRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Checks that no alert about a source ends while the source fails. */
final class SourceDownCheck {

  /** From the last failed check to the scan that begins the alert, if sources are slow. */
  private static final Duration BEFORE = Duration.ofSeconds(100);

  private SourceDownCheck() {}

  /**
   * The ends of alerts that cannot be so.
   *
   * @param all the messages of the receiver about single alerts, in order
   */
  static List<String> differences(String receiver, List<Notification> all, Timeline timeline) {
    Set<String> named = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    for (Notification one : all) {
      Alert alert = one.alert();
      Instant end = alert.endsAt();
      // The message of an end names no source.
      if (alert.state() != AlertState.RESOLVED) {
        if (isAboutTheWitness(alert.finding())) {
          named.add(alert.id());
        }
      } else if (named.contains(alert.id())
          && end != null
          // After a step back of the clock an alert ends when it began.
          && end.isAfter(alert.startsAt())
          && failsUntil(end, alert.startsAt(), timeline)) {
        wrong.add(receiver + " got the end of source-down while it fails: " + Oracle.text(one));
      }
    }
    return wrong;
  }

  private static boolean isAboutTheWitness(Finding finding) {
    return finding.kind() == AgentCondition.SOURCE_DOWN
        && finding.message().endsWith(" " + SimulatedHost.WITNESS);
  }

  /** True if no check since the start of the alert can have found that the source works. */
  private static boolean failsUntil(Instant end, Instant startOfAlert, Timeline timeline) {
    return scansAt(timeline, startOfAlert)
        .map(scan -> scan.start().minus(BEFORE))
        .min(Comparator.naturalOrder())
        .filter(start -> scansAt(timeline, end).anyMatch(scan -> fails(timeline, start, scan)))
        .isPresent();
  }

  private static boolean fails(Timeline timeline, Duration start, ScanRecord last) {
    return timeline.brokenThroughout(SimulatedHost.Source.WITNESS, start, last.end());
  }

  private static Stream<ScanRecord> scansAt(Timeline timeline, Instant wall) {
    return timeline.scans().stream().filter(scan -> scan.wall().equals(wall));
  }
}
