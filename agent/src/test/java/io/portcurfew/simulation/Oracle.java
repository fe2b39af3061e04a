package io.portcurfew.simulation;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.simulation.SimulatedReceiver.Accepted;
import io.portcurfew.simulation.Timeline.ScanRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares what each receiver got with what really happened on the host. It knows no part of the
 * agent but the messages.
 */
final class Oracle {

  /** What a notification is about. */
  record Key(String rule, String kind, int port) {}

  private final Timeline timeline;
  private final List<String> wrong = new ArrayList<>();

  Oracle(Timeline timeline) {
    this.timeline = timeline;
  }

  List<String> wrong() {
    return wrong;
  }

  /** The messages about single alerts, in the order of acceptance; a summary counts as its list. */
  static List<Notification> shown(List<Accepted> accepted) {
    List<Notification> all = new ArrayList<>();
    for (Accepted one : accepted) {
      Summary summary = one.notification().summary();
      if (summary == null) {
        all.add(one.notification());
      } else {
        all.addAll(summary.shown());
      }
    }
    return all;
  }

  static Key key(Notification one) {
    var finding = one.alert().finding();
    Endpoint endpoint = finding.endpoint();
    return new Key(finding.rule(), finding.kind().label(), endpoint == null ? 0 : endpoint.port());
  }

  private static boolean isAboutPort(Key key) {
    return key.port() != 0 && !key.kind().equals(FindingKind.BLIND.label());
  }

  /**
   * Checks one receiver.
   *
   * @param stays true if it was in every config
   */
  void check(SimulatedReceiver receiver, int kills, boolean stays) {
    List<Notification> all = shown(receiver.accepted());
    for (Notification one : all) {
      Key key = key(one);
      if (isAboutPort(key) && !EarlierVersion.raised(one.alert())) {
        check(receiver.name(), key, one);
      }
    }
    wrong.addAll(SourceDownCheck.differences(receiver.name(), all, timeline));
    changes(receiver.name(), all);
    new SequenceCheck(receiver, all, wrong).check(kills, stays);
  }

  private void check(String receiver, Key key, Notification one) {
    if (!SimulatedConfig.wants(receiver, key.rule())) {
      wrong.add(receiver + " got what it does not want: " + text(one));
    }
    Alert alert = one.alert();
    if (alert.state() == AlertState.RESOLVED) {
      Instant end = alert.endsAt();
      // After a step back of the clock an alert ends when it began.
      boolean known = !alert.startsAt().equals(end);
      if (known && !alert.finding().message().contains("goes on as alert") && lasts(key, alert)) {
        wrong.add(receiver + " got a false end: " + text(one) + " at " + end);
      }
    } else if (one.reason() == Reason.FIRST && !began(key, alert)) {
      wrong.add(receiver + " got a false alarm: " + text(one) + " at " + alert.startsAt());
    } else if (key.kind().equals(FindingKind.OPEN.label())
        && !alert.finding().owners().stream().allMatch(owner -> held(key.port(), owner, one))) {
      wrong.add(receiver + " got a false owner: " + text(one) + " at " + alert.startsAt());
    }
  }

  /**
   * True if this program had the port at some scan; of a new alert, at one since its start. What is
   * hidden was seen by a comparison before that start.
   */
  private boolean held(int port, Owner owner, Notification one) {
    String program = String.valueOf(owner.executable());
    boolean atScan = one.reason() == Reason.FIRST && timeline.timesHidden(port) == 0;
    return (atScan ? looksSince(one.alert()) : looks())
        .flatMap(look -> timeline.openDuring(port, look.start(), look.end()).stream())
        .anyMatch(span -> span.what.equals(program));
  }

  /**
   * True if what the alert is about lasted through every scan at its end. A listener that closed
   * between two scans ends its alert, even if no scan can see another one in its place.
   */
  private boolean lasts(Key key, Alert alert) {
    boolean brief = alert.finding().brief() != null;
    List<ScanRecord> scans =
        timeline.scans().stream()
            .filter(scan -> scan.wall().equals(alert.endsAt()))
            .filter(scan -> scan.sawAll() || !brief)
            .toList();
    return !scans.isEmpty() && scans.stream().allMatch(scan -> isTrueThroughout(key, scan));
  }

  /** True if at some scan from its start on it was so. */
  private boolean began(Key key, Alert alert) {
    return looksSince(alert).anyMatch(look -> isTrueSomeTime(key, look));
  }

  /** The looks from the start of the alert on, those after a step back of the clock as well. */
  private Stream<ScanRecord> looksSince(Alert alert) {
    Duration first =
        looks()
            .filter(look -> !look.wall().isBefore(alert.startsAt().minusSeconds(1)))
            .map(ScanRecord::start)
            .min(Comparator.naturalOrder())
            .orElse(Timeline.OPEN_END);
    return looks().filter(look -> look.start().compareTo(first) >= 0);
  }

  private Stream<ScanRecord> looks() {
    return Stream.concat(timeline.scans().stream(), timeline.sightings().stream());
  }

  boolean isTrueThroughout(Key key, ScanRecord scan) {
    int port = key.port();
    boolean ruled = scan.by().rule(port).filter(key.rule()::equals).isPresent();
    return switch (key.kind()) {
      case "open" ->
          ruled
              && timeline.openThroughout(port, scan.start(), scan.end())
              && !timeline.hiddenDuring(port, scan.start(), scan.end());
      case "missing" -> ruled && timeline.closedThroughout(port, scan.start(), scan.end());
      case "hidden" ->
          scan.by().rule(port).orElse("default").equals(key.rule())
              && timeline.hiddenThroughout(port, scan.start().minusSeconds(100), scan.end());
      default -> false;
    };
  }

  private boolean isTrueSomeTime(Key key, ScanRecord scan) {
    int port = key.port();
    return switch (key.kind()) {
      case "open" ->
          !timeline.closedThroughout(port, scan.start(), scan.end())
              || wasComparedHidden(port, scan);
      case "missing" -> !timeline.openThroughout(port, scan.start(), scan.end());
      case "hidden" -> wasComparedHidden(port, scan);
      default -> true;
    };
  }

  /** A listener that a comparison found stays known until the next one that could look. */
  private boolean wasComparedHidden(int port, ScanRecord scan) {
    return timeline.hiddenDuring(port, timeline.lastComparison(scan.start()), scan.end());
  }

  /**
   * No alert has more changes of owner than there were, and one more for each time that the port
   * was hidden: the last comparison still shows the owner of that time after another one has come.
   */
  private void changes(String receiver, List<Notification> all) {
    Map<String, Set<String>> ids = new HashMap<>();
    for (Notification one : all) {
      if (one.reason() == Reason.CHANGED) {
        Set<String> changes = ids.computeIfAbsent(one.alert().id(), none -> new HashSet<>());
        changes.add(one.id());
        if (changes.size()
            > timeline.takeOvers(key(one).port()) + timeline.timesHidden(key(one).port())) {
          wrong.add(receiver + " got a false change of owner: " + text(one));
        }
      }
    }
  }

  /** The alert ids of each key that fires by the messages to this receiver since then. */
  private static Map<Key, Set<String>> firing(SimulatedReceiver receiver, Duration since) {
    Map<Key, Set<String>> firing = new LinkedHashMap<>();
    for (Notification one : shown(receiver.acceptedSince(since))) {
      Set<String> ids = firing.computeIfAbsent(key(one), none -> new TreeSet<>());
      if (one.alert().state() == AlertState.RESOLVED) {
        ids.remove(one.alert().id());
      } else {
        ids.add(one.alert().id());
      }
    }
    return firing;
  }

  /**
   * After a quiet phase a receiver knows what is so now.
   *
   * @param stays false if the receiver was removed meanwhile, so that it may have missed an end
   * @param since the receiver has been in the config since then; what it knew before does not count
   */
  void checkQuiet(
      SimulatedReceiver receiver,
      SimulatedHost host,
      SimulatedConfig by,
      boolean stays,
      Duration since) {
    Map<Key, Set<String>> firing = firing(receiver, since);
    Set<Key> doubtful = refused(receiver);
    for (Key key : expected(host, by)) {
      if (SimulatedConfig.wants(receiver.name(), key.rule()) && !doubtful.contains(key)) {
        Set<String> ids = firing.getOrDefault(key, Set.of());
        if (ids.isEmpty()) {
          wrong.add(receiver.name() + " does not know " + key);
        } else if (ids.size() > 1 && stays) {
          wrong.add(receiver.name() + " knows one alert under several ids " + key + " " + ids);
        }
      }
    }
    if (stays) {
      Set<Key> so = expected(host, by);
      firing.forEach(
          (key, ids) -> {
            if (isAboutPort(key)
                && !key.kind().equals("hidden")
                && !ids.isEmpty()
                && !so.contains(key)
                && !doubtful.contains(key)) {
              wrong.add(receiver.name() + " was not notified of the end of " + key + " " + ids);
            }
          });
    }
  }

  /** The keys of which a notification was refused for good. */
  static Set<Key> refused(SimulatedReceiver receiver) {
    Set<Key> keys = new HashSet<>();
    shown(receiver.refused()).forEach(one -> keys.add(key(one)));
    return keys;
  }

  static Set<Key> expected(SimulatedHost host, SimulatedConfig by) {
    Set<Key> keys = new HashSet<>();
    for (int port : host.ports()) {
      boolean shown = !host.isUnseen(port);
      by.rule(port)
          .filter(rule -> !rule.equals("sshd") && shown)
          .ifPresent(rule -> keys.add(new Key(rule, "open", port)));
    }
    if (!host.isOpen(SimulatedConfig.REQUIRED)) {
      keys.add(new Key("sshd", "missing", SimulatedConfig.REQUIRED));
    }
    for (int port : host.hidden()) {
      if (!host.isUnseen(port) || by.sweep()) {
        keys.add(new Key(by.rule(port).orElse("default"), "hidden", port));
      }
    }
    return keys;
  }

  /** Threads that wait although nothing is to be done. */
  void checkLifeSpan(List<String> threads) {
    if (threads.size() > 12) {
      wrong.add("too many threads: " + threads);
    }
  }

  static String text(Notification one) {
    return one.reason().label()
        + " "
        + key(one)
        + " "
        + one.alert().id()
        + one.alert().finding().owners().stream().map(Owner::executable).toList();
  }
}
