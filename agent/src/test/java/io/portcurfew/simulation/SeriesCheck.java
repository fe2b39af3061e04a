package io.portcurfew.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares the series of the metrics with those that a config has. */
final class SeriesCheck {

  private static final Pattern RECEIVER = Pattern.compile("receiver=\"([^\"]+)\"");
  private static final Pattern SOURCE = Pattern.compile("source=\"([^\"]+)\"");

  private static final String HEARTBEAT = "\nportcurfew_last_heartbeat_timestamp_seconds ";

  private SeriesCheck() {}

  /** The differences in the receivers, which change with the config at once. */
  static List<String> ofReceivers(String metrics, SimulatedConfig active) {
    return differences(labels(RECEIVER, metrics), new TreeSet<>(active.receivers()));
  }

  /** The differences in what changes with the config at once. */
  static List<String> afterReload(String metrics, SimulatedConfig active) {
    List<String> all = new ArrayList<>(ofReceivers(metrics, active));
    if (!active.heartbeat() && metrics.contains(HEARTBEAT)) {
      all.add("the metrics have the time of a heartbeat that was removed");
    }
    return all;
  }

  /** The differences in the sources, once each of them was asked, and in the heartbeat. */
  static List<String> ofSources(String metrics, SimulatedConfig active) {
    Set<String> expected = new TreeSet<>(Set.of(SimulatedHost.FIRST, SimulatedHost.WITNESS));
    if (active.sweep()) {
      expected.add("bind_sweep");
    }
    boolean heartbeat = metrics.contains(HEARTBEAT);
    return heartbeat != active.heartbeat()
        ? List.of("the time of the last heartbeat is in the metrics: " + heartbeat)
        : differences(labels(SOURCE, metrics), expected);
  }

  private static Set<String> labels(Pattern pattern, String metrics) {
    Set<String> shown = new TreeSet<>();
    Matcher label = pattern.matcher(metrics);
    while (label.find()) {
      shown.add(label.group(1));
    }
    return shown;
  }

  private static List<String> differences(Set<String> shown, Set<String> expected) {
    return shown.equals(expected)
        ? List.of()
        : List.of("the metrics have series of " + shown + ", not of " + expected);
  }
}
