package io.portcurfew.scan;

import io.portcurfew.config.ScanTimes;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the agent still looks as it did: sources that could look before and cannot any more, and
 * scans that come late. Used by the threads of the scan and of the cross-check.
 */
public final class AgentHealth {

  /** So often in a row a source has to fail: a tool may be replaced while it is asked. */
  private static final int TWICE = 2;

  /** So many intervals without a scan are told; the slack is for a loaded host. */
  private static final int MISSED = 3;

  private static final Duration SLACK = Duration.ofSeconds(10);

  private final Set<String> wereUp = new HashSet<>();
  private final TreeMap<String, Integer> down = new TreeMap<>();
  private final Duration before;
  private @Nullable Duration last;
  private @Nullable ScanTimes planned;

  /**
   * @param before for how long nobody had looked when the agent started, where the one before it
   *     was not told to end
   */
  public AgentHealth(Duration before) {
    this.before = before;
  }

  /**
   * These findings, and what is wrong with the sight of the agent as a scan begins.
   *
   * @param now since some moment that is always the same: a clock that is set makes no scan late
   * @param times when scans are planned from now on
   */
  synchronized List<Finding> and(Duration now, ScanTimes times, List<Finding> others) {
    List<Finding> all = new ArrayList<>(others);
    List<String> lost =
        down.entrySet().stream().filter(e -> e.getValue() >= TWICE).map(e -> e.getKey()).toList();
    if (!lost.isEmpty()) {
      all.add(sourceDown(lost));
    }
    boolean starts = last == null;
    Duration pause = last == null ? before : now.minus(last);
    // Scans that are closer from now on were not late before.
    ScanTimes by = planned == null ? times : planned;
    last = now;
    planned = times;
    if (by instanceof ScanTimes.Every every && isLate(pause, every.interval())) {
      all.add(late(every.interval(), starts));
    }
    return all;
  }

  private static boolean isLate(Duration pause, Duration interval) {
    return pause.compareTo(interval.multipliedBy(MISSED).plus(SLACK)) > 0;
  }

  /** Takes in how the sources of a scan or of a cross-check fared. */
  synchronized void saw(Collection<SourceReport> sources) {
    for (SourceReport source : sources) {
      if (source.up()) {
        wereUp.add(source.name());
        down.remove(source.name());
      } else if (wereUp.contains(source.name())) {
        down.merge(source.name(), 1, Integer::sum);
      }
    }
  }

  private static Finding sourceDown(List<String> lost) {
    String message = "cannot look any more, though it could before: " + String.join(", ", lost);
    return AgentFindings.of(FindingKind.SOURCE_DOWN, Severity.WARNING, message, List.of());
  }

  private static Finding late(Duration interval, boolean starts) {
    String message =
        "no scan ran for more than "
            + MISSED
            + " intervals of "
            + interval.toSeconds()
            + " s"
            + (starts ? ", since the agent was killed or crashed" : "")
            + ": what opened and closed meanwhile was not seen";
    return AgentFindings.of(FindingKind.SCAN_LATE, Severity.WARNING, message, List.of());
  }
}
