package io.portcurfew.scan;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Alerts;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches how well the agent observes: sources that worked before and fail now, and late scans.
 * Used by the threads of the scan and of the cross-check.
 */
public final class AgentHealth {

  /** Consecutive failures before a source counts as down: a tool may be replaced while it runs. */
  private static final int FAILURES = 2;

  /** Intervals without a scan before it counts as late. */
  private static final int MISSED = 3;

  /** Added to the intervals, for a loaded host. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private final Set<String> known = new HashSet<>();
  private final Set<String> worked = new HashSet<>();
  private final TreeMap<String, Integer> down = new TreeMap<>();
  private final Duration pauseBeforeStart;
  private final List<String> forcedLibraries;
  private @Nullable Duration last;
  private @Nullable ScanTimes planned;

  /**
   * @param pauseBeforeStart how long no agent scanned before this start if the previous one was
   *     killed or crashed, else zero
   */
  public AgentHealth(Duration pauseBeforeStart) {
    this(pauseBeforeStart, List.of());
  }

  /**
   * @param pauseBeforeStart as above
   * @param forcedLibraries the libraries that were forced into this process at its start, in words
   */
  public AgentHealth(Duration pauseBeforeStart, List<String> forcedLibraries) {
    this.pauseBeforeStart = pauseBeforeStart;
    this.forcedLibraries = List.copyOf(forcedLibraries);
  }

  /**
   * Continues an alert of the previous agent: its sources worked before and are down until they
   * work again.
   *
   * @param saved the alerts of the previous agent
   * @param sources the names of the sources of this host
   */
  public synchronized void continueFrom(Alerts saved, Set<String> sources) {
    known.addAll(sources);
    continueFrom(saved);
  }

  /** The same for alerts that could be read only later; what worked meanwhile is not down. */
  synchronized void continueFrom(Alerts saved) {
    saved.open().values().stream()
        .map(Alert::finding)
        .filter(finding -> finding.kind() == AgentCondition.SOURCE_DOWN)
        .flatMap(finding -> named(finding.message()))
        .filter(source -> known.contains(source) && !worked.contains(source))
        .forEach(
            source -> {
              worked.add(source);
              down.put(source, FAILURES);
            });
  }

  /**
   * These findings, followed by the sources that are down and a late scan, as a scan begins.
   *
   * @param now monotonic time, so a change of the clock makes no scan late
   * @param times the scan times from now on
   */
  synchronized List<Finding> and(Duration now, ScanTimes times, List<Finding> others) {
    List<Finding> all = new ArrayList<>(others);
    if (!down.isEmpty()) {
      addDown(all);
    }
    if (!forcedLibraries.isEmpty()) {
      all.add(forced(forcedLibraries));
    }
    boolean starts = last == null;
    Duration pause = last == null ? pauseBeforeStart : now.minus(last);
    // A shorter interval from now on does not make this scan late.
    ScanTimes by = planned == null ? times : planned;
    last = now;
    planned = times;
    if (by instanceof ScanTimes.Every every && isLate(by, pause)) {
      all.add(late(every.interval(), starts));
    }
    return all;
  }

  private void addDown(List<Finding> all) {
    List<String> lost =
        down.entrySet().stream()
            .filter(e -> e.getValue() >= FAILURES)
            .map(e -> e.getKey())
            .toList();
    if (!lost.isEmpty()) {
      all.add(sourceDown(lost));
    }
  }

  /**
   * True if this pause between two scans is too long. With a cron expression the pauses are not
   * known, so none is.
   */
  public static boolean isLate(ScanTimes times, Duration pause) {
    // Not multipliedBy: it goes by way of BigDecimal, at each scan.
    return times instanceof ScanTimes.Every every
        && pause.minus(SLACK).toNanos() / MISSED > every.interval().toNanos();
  }

  /** Records how the sources of a scan or of a cross-check did. */
  synchronized void record(Collection<SourceReport> sources) {
    for (SourceReport source : sources) {
      if (source.up()) {
        worked.add(source.name());
        down.remove(source.name());
      } else if (worked.contains(source.name())) {
        down.merge(source.name(), 1, Integer::sum);
      }
    }
  }

  /** The sources at the end of the message, whose form is that of 0.1.0. */
  private static Stream<String> named(String message) {
    return Stream.of(message.substring(message.lastIndexOf(": ") + 1).strip().split(", "));
  }

  private static Finding sourceDown(List<String> lost) {
    String message = "sources that worked before fail now: " + String.join(", ", lost);
    return AgentFindings.of(AgentCondition.SOURCE_DOWN, Severity.WARNING, message, List.of());
  }

  private static Finding forced(List<String> libraries) {
    String message =
        "a library was forced into the agent and may answer in place of the kernel: "
            + String.join(", ", libraries);
    return AgentFindings.of(AgentCondition.LIBRARY_FORCED, Severity.CRITICAL, message, libraries);
  }

  private static Finding late(Duration interval, boolean starts) {
    String message =
        "no scan ran for more than "
            + MISSED
            + " intervals of "
            + interval.toSeconds()
            + " s"
            + (starts ? ", since the agent was killed or crashed" : "")
            + ": listeners that opened and closed meanwhile were not seen";
    return AgentFindings.of(AgentCondition.SCAN_LATE, Severity.WARNING, message, List.of());
  }
}
