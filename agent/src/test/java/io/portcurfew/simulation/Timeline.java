package io.portcurfew.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What really happened: on the host, and when the agent scanned it. Times are monotonic. */
final class Timeline {

  static final Duration OPEN_END = Duration.ofDays(100_000);

  /** In this time a cross-check begins and ends, if each source answers. */
  private static final Duration COMPARISON = Duration.ofSeconds(150);

  /** A state that lasted from one time to another. */
  static final class Span {
    final String what;
    final Duration from;
    Duration to = OPEN_END;

    Span(String what, Duration from) {
      this.what = what;
      this.from = from;
    }

    boolean spans(Duration start, Duration end) {
      return from.compareTo(start) <= 0 && to.compareTo(end) > 0;
    }

    boolean meets(Duration start, Duration end) {
      return from.compareTo(end) <= 0 && to.compareTo(start) > 0;
    }
  }

  /** A scan that ended. */
  record ScanRecord(
      Instant wall,
      Duration start,
      Duration end,
      SimulatedConfig by,
      boolean sawAll,
      boolean calm) {}

  /** A listener that closed before a scan, of which the agent got an event at this time. */
  record Brief(int port, Instant at) {}

  private final Map<Integer, List<Span>> open = new HashMap<>();
  private final Map<Integer, List<Span>> hidden = new HashMap<>();
  private final Map<Integer, List<Span>> unseen = new HashMap<>();
  private final Map<SimulatedHost.Source, List<Span>> broken = new HashMap<>();
  private boolean wentBack;
  private final List<ScanRecord> scans = new ArrayList<>();
  private final List<ScanRecord> sightings = new ArrayList<>();
  private final List<Brief> briefs = new ArrayList<>();

  void opened(int port, String executable, Duration at) {
    spans(open, port).add(new Span(executable, at));
  }

  void closed(int port, Duration at) {
    end(spans(open, port), at);
  }

  void hidden(int port, Duration at) {
    spans(hidden, port).add(new Span("hidden", at));
  }

  /** Only the sweep finds it from now on, if there is one. */
  void unseen(int port, Duration at) {
    spans(unseen, port).add(new Span("unseen", at));
  }

  void shown(int port, Duration at) {
    end(spans(hidden, port), at);
    end(spans(unseen, port), at);
  }

  void works(SimulatedHost.Source source, boolean works, Duration at) {
    List<Span> all = spans(broken, source);
    boolean was = all.isEmpty() || !all.get(all.size() - 1).to.equals(OPEN_END);
    if (was && !works) {
      all.add(new Span("broken", at));
    } else if (!was && works) {
      end(all, at);
    }
  }

  void scanned(ScanRecord scan) {
    scans.add(scan);
  }

  /** Times of the wall clock cannot be compared any more. */
  void clockWentBack() {
    wentBack = true;
  }

  boolean wentBack() {
    return wentBack;
  }

  /** Scans and spans that are over need no check any more. */
  void forget() {
    scans.clear();
    sightings.clear();
    briefs.clear();
    for (Map<?, List<Span>> all : List.of(open, hidden, unseen, broken)) {
      all.values().forEach(spans -> spans.removeIf(one -> !one.to.equals(OPEN_END)));
    }
  }

  /** The agent looked at single listeners; a look may have seen what was there since its start. */
  void sighted(ScanRecord look) {
    sightings.add(look);
  }

  List<ScanRecord> sightings() {
    return sightings;
  }

  void brief(Brief one) {
    briefs.add(one);
  }

  List<Brief> briefs() {
    return briefs;
  }

  List<ScanRecord> scans() {
    return scans;
  }

  private static <K> List<Span> spans(Map<K, List<Span>> of, K key) {
    return of.computeIfAbsent(key, none -> new ArrayList<>());
  }

  private static void end(List<Span> all, Duration at) {
    if (!all.isEmpty() && all.get(all.size() - 1).to.equals(OPEN_END)) {
      all.get(all.size() - 1).to = at;
    }
  }

  /** The owners of a port during a scan. */
  List<Span> openDuring(int port, Duration start, Duration end) {
    return spans(open, port).stream().filter(one -> one.meets(start, end)).toList();
  }

  boolean openThroughout(int port, Duration start, Duration end) {
    return spans(open, port).stream().anyMatch(one -> one.spans(start, end));
  }

  boolean closedThroughout(int port, Duration start, Duration end) {
    return spans(open, port).stream().noneMatch(one -> one.meets(start, end));
  }

  /** How often another program had the port than before. */
  int takeOvers(int port) {
    List<Span> all = spans(open, port);
    int count = 0;
    for (int i = 1; i < all.size(); i++) {
      count += all.get(i).what.equals(all.get(i - 1).what) ? 0 : 1;
    }
    return count;
  }

  /** True if it was hidden from the first source alone, so that every cross-check found it. */
  boolean hiddenThroughout(int port, Duration start, Duration end) {
    return spans(hidden, port).stream().anyMatch(one -> one.spans(start, end))
        && spans(unseen, port).stream().noneMatch(one -> one.meets(start, end));
  }

  /** A time before this one since which a comparison of all sources has begun and ended. */
  Duration lastComparison(Duration before) {
    Duration at = before.minus(COMPARISON);
    while (at.compareTo(Duration.ZERO) > 0 && anyBroken(at, at.plus(COMPARISON))) {
      at = at.minusSeconds(10);
    }
    return at;
  }

  private boolean anyBroken(Duration start, Duration end) {
    return Arrays.stream(SimulatedHost.Source.values())
        .anyMatch(source -> brokenDuring(source, start, end));
  }

  /** How often it was hidden. */
  int timesHidden(int port) {
    return spans(hidden, port).size();
  }

  boolean hiddenDuring(int port, Duration start, Duration end) {
    return spans(hidden, port).stream().anyMatch(one -> one.meets(start, end));
  }

  boolean brokenDuring(SimulatedHost.Source source, Duration start, Duration end) {
    return spans(broken, source).stream().anyMatch(one -> one.meets(start, end));
  }

  boolean brokenThroughout(SimulatedHost.Source source, Duration start, Duration end) {
    return spans(broken, source).stream().anyMatch(one -> one.spans(start, end));
  }
}
