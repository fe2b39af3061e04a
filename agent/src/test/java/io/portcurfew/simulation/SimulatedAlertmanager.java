package io.portcurfew.simulation;

import io.portcurfew.json.JsonTree;
import io.portcurfew.notify.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * An Alertmanager: it knows alerts by their labels, and an alert ends when it is sent as resolved
 * or is not sent again in time.
 */
final class SimulatedAlertmanager {

  static final String NAME = "am";

  private static final Map<String, String> KINDS =
      Map.of("PortcurfewOpen", "open", "PortcurfewMissing", "missing");

  /** How it answers. */
  enum Mood {
    GOOD,
    SLOW,
    DOWN
  }

  /** One request of these takes long if it is not slow anyway. */
  private static final int SLOW_EVERY = 6;

  private final SteppedTime time;
  private final Random random;
  private final List<String> wrong = new ArrayList<>();
  // By monotonic time: its clock does not jump with that of the host.
  private final Map<Oracle.Key, Duration> ends = new LinkedHashMap<>();
  // The starts of alerts that were sent as resolved.
  private final Map<Oracle.Key, Set<String>> resolved = new LinkedHashMap<>();
  private final Map<Oracle.Key, String> reopened = new LinkedHashMap<>();
  private final List<Request> onTheWay = new ArrayList<>();
  private Mood mood = Mood.GOOD;

  /**
   * A request on its way.
   *
   * @param agent the threads of the agent that sent it
   * @param firing the labels of the alerts that fire by it
   * @param ended those of the alerts that end by it
   */
  private record Request(Stepper agent, Set<Map<?, ?>> firing, Set<Map<?, ?>> ended) {

    /** True if it depends on the order of arrival if an alert fires afterwards. */
    boolean mayReopen(Request other) {
      return agent == other.agent
          && !(Collections.disjoint(firing, other.ended)
              && Collections.disjoint(ended, other.firing));
    }
  }

  /**
   * @param random for the time that a request takes on its way
   */
  SimulatedAlertmanager(SteppedTime time, Random random) {
    this.time = time;
    this.random = random;
  }

  String mood(Mood now) {
    mood = now;
    return "Alertmanager is " + mood;
  }

  /** A lock that lets other stepped threads run while it waits. */
  static ReentrantLock lock(Stepper threads) {
    return new ReentrantLock() {
      private static final long serialVersionUID = 1L;

      @Override
      public void lockInterruptibly() throws InterruptedException {
        threads.await(() -> !isLocked(), Duration.ofDays(1));
        super.lockInterruptibly();
      }
    };
  }

  /** Takes the alerts of one request, after the time that it takes on its way. */
  Delivery post(byte[] alerts, Stepper threads) throws InterruptedException {
    // Its clock agreed with that of the host when the request was sent.
    Instant now = time.instant();
    // The clock may have been set after the request was written.
    boolean sure = !time.hasJustJumped();
    List<JsonTree> all = JsonTree.listOf(new String(alerts, StandardCharsets.UTF_8));
    Request request = new Request(threads, labels(all, now, true), labels(all, now, false));
    onTheWay.stream()
        .filter(request::mayReopen)
        .forEach(other -> wrong.add(NAME + " is sent an alert and its end at once"));
    onTheWay.add(request);
    try {
      threads.sleep(wayOfARequest());
    } finally {
      onTheWay.remove(request);
    }
    if (mood == Mood.DOWN) {
      return new Delivery.Retry("connection refused");
    }
    all.forEach(alert -> take(alert, now, sure));
    return new Delivery.Delivered();
  }

  private Duration wayOfARequest() {
    boolean slow = mood == Mood.SLOW || random.nextInt(SLOW_EVERY) == 0;
    return Duration.ofMillis(slow ? 4_000 + random.nextInt(4_000) : 30);
  }

  /** The labels of the alerts that fire, or of those that have ended. */
  private static Set<Map<?, ?>> labels(List<JsonTree> all, Instant now, boolean fire) {
    return all.stream()
        .filter(alert -> Instant.parse(alert.text("endsAt")).isAfter(now) == fire)
        .<Map<?, ?>>map(alert -> alert.tree("labels").map())
        .collect(Collectors.toSet());
  }

  private void take(JsonTree alert, Instant now, boolean sure) {
    JsonTree labels = alert.tree("labels");
    String kind = KINDS.get(labels.text("alertname"));
    if (kind == null) {
      return;
    }
    int port = Integer.parseInt(labels.text("port"));
    Oracle.Key key = new Oracle.Key(labels.text("rule"), kind, port);
    Instant end = Instant.parse(alert.text("endsAt"));
    String start = alert.text("startsAt");
    ends.put(key, time.elapsed().plus(Duration.between(now, end)));
    if (end.isBefore(Instant.parse(start))) {
      // As Validate of model/alert.go in prometheus/common does.
      wrong.add(NAME + " refuses an alert that ends before its start: " + key);
    }
    if (!sure) {
      return;
    }
    if (Instant.parse(start).isAfter(now.minusSeconds(1))) {
      // After a step back of the clock every alert of the time before starts at the request.
      return;
    }
    Set<String> over = resolved.computeIfAbsent(key, none -> new TreeSet<>());
    if (!end.isAfter(now)) {
      over.add(start);
    } else if (over.contains(start)) {
      reopened.put(key, NAME + " was sent a resolved alert as firing again: " + key);
    }
  }

  /** Forgets what it was sent, after a loss that is known to be possible. */
  void forget() {
    wrong.clear();
    ends.clear();
    resolved.clear();
    reopened.clear();
  }

  /** What is wrong, if all else has been quiet for long; each difference once. */
  List<String> differences(Set<Oracle.Key> expected) {
    List<String> all = new ArrayList<>(wrong);
    all.addAll(reopened.values());
    Set<String> firing = new TreeSet<>();
    ends.forEach(
        (key, end) -> {
          if (end.compareTo(time.elapsed()) > 0) {
            firing.add(key.toString());
          }
        });
    Set<String> so = new TreeSet<>();
    expected.stream()
        .filter(key -> KINDS.containsValue(key.kind()))
        .forEach(key -> so.add(key.toString()));
    if (!firing.equals(so)) {
      all.add(NAME + " has the alerts " + firing + ", not " + so);
    }
    return all;
  }
}
