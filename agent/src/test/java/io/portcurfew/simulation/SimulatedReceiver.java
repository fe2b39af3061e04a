package io.portcurfew.simulation;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.Summary;
import io.portcurfew.policy.AgentCondition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A receiver in the world outside, which outlives the agents and remembers what it accepted. */
final class SimulatedReceiver {

  /** How it answers. */
  enum Mood {
    ACCEPTS,
    DRIPS,
    DOWN,
    BUSY,
    REFUSES,
    HANGS,
    ANSWERS_LATE,
    LOSES_ANSWERS,
    LIMITS
  }

  /** A notification that it accepted, and when. */
  record Accepted(Notification notification, Duration at, int life) {}

  private static final Delivery NO_ANSWER = new Delivery.Retry("no answer");

  /** How long an attempt goes on that was given up. */
  private static final Map<Mood, Duration> GOES_ON =
      Map.of(Mood.HANGS, Duration.ofHours(1), Mood.ANSWERS_LATE, Duration.ofSeconds(15));

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final String name;
  private final List<Accepted> accepted = new ArrayList<>();
  private final List<Accepted> refused = new ArrayList<>();
  private final List<Duration> heartbeats = new ArrayList<>();
  private Mood mood = Mood.ACCEPTS;
  private final List<String> lostAnswers = new ArrayList<>();
  private boolean breaksHeartbeat;
  private Duration brokenAt = Duration.ZERO;
  private Duration window = Duration.ZERO;
  private int inWindow;
  private int running;
  // The attempts that run, with the agents that make them.
  private final Set<List<Object>> attempts = new HashSet<>();
  private final List<String> wrong = new ArrayList<>();

  SimulatedReceiver(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void mood(Mood next) {
    mood = next;
  }

  Mood mood() {
    return mood;
  }

  /** When a heartbeat last met an error. */
  Duration brokenAt() {
    return brokenAt;
  }

  /** Forgets every message. */
  void forget() {
    accepted.clear();
    refused.clear();
    lostAnswers.clear();
  }

  /** The next heartbeat meets an error. */
  void breakHeartbeat() {
    breaksHeartbeat = true;
  }

  /** A few messages a minute, as the key of a paging service. */
  private boolean isBeyondTheLimit(Duration now) {
    if (now.minus(window).compareTo(Duration.ofMinutes(1)) >= 0) {
      window = now;
      inWindow = 0;
    }
    return ++inWindow > 20;
  }

  /** True while an attempt to deliver a notification runs. */
  boolean isBusy() {
    return running > 0;
  }

  List<Accepted> accepted() {
    return accepted;
  }

  /** Those that it accepted at this time and later. */
  List<Accepted> acceptedSince(Duration time) {
    return accepted.stream().filter(one -> one.at().compareTo(time) >= 0).toList();
  }

  /** The last messages, one line each, with the alerts of summaries. */
  List<String> lastLines(int most) {
    List<String> lines = new ArrayList<>();
    for (Accepted one : accepted) {
      Summary summary = one.notification().summary();
      List<Notification> all = summary == null ? List.of(one.notification()) : summary.shown();
      String when =
          one.at().minusHours(1).toSeconds() + " s: " + (summary == null ? "" : "summary of ");
      all.forEach(shown -> lines.add(when + Oracle.text(shown)));
    }
    return lines.subList(Math.max(0, lines.size() - most), lines.size());
  }

  /** Messages that one agent sent twice at once; each is returned once. */
  List<String> takeWrong() {
    List<String> all = List.copyOf(wrong);
    wrong.clear();
    return all;
  }

  List<Accepted> refused() {
    return refused;
  }

  List<Duration> heartbeats() {
    return heartbeats;
  }

  /** The ids of notifications that it accepted, and of which the agent got no answer. */
  List<String> lostAnswers() {
    return lostAnswers;
  }

  /** A notifier of one agent to this receiver; it makes one attempt at a time, as all kinds do. */
  Notifier notifier(Stepper threads, int life) {
    boolean[] busy = {false};
    return notification -> {
      if (busy[0]) {
        return new Delivery.Retry("the previous attempt has not ended yet");
      }
      busy[0] = true;
      running++;
      boolean givenUp = false;
      List<Object> attempt = List.of(life, notification.id());
      if (!attempts.add(attempt)) {
        wrong.add(name + " is sent a message twice at once: " + Oracle.text(notification));
      }
      try {
        Delivery outcome = attempt(notification, threads, life);
        givenUp = outcome.equals(NO_ANSWER);
        return outcome;
      } finally {
        running--;
        attempts.remove(attempt);
        busy[0] = givenUp && !threads.isKilled() && goesOn(busy, threads);
      }
    };
  }

  /** An attempt that was given up goes on until the receiver answers. */
  private boolean goesOn(boolean[] busy, Stepper threads) {
    Mood now = mood;
    Duration longest = GOES_ON.get(now);
    if (longest == null) {
      return false;
    }
    threads.start(
        "left-" + name,
        () -> {
          try {
            threads.await(() -> mood != now, longest);
          } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
          } finally {
            busy[0] = false;
          }
        });
    return true;
  }

  private Delivery attempt(Notification one, Stepper threads, int life)
      throws InterruptedException {
    boolean heartbeat = one.alert().finding().kind() == AgentCondition.HEARTBEAT;
    threads.sleep(mood == Mood.DRIPS ? Duration.ofSeconds(9) : Duration.ofMillis(20));
    // Heartbeats go to another door, which is open unless the receiver is down.
    Mood now = heartbeat && mood != Mood.DOWN ? Mood.ACCEPTS : mood;
    if (heartbeat && breaksHeartbeat) {
      breaksHeartbeat = false;
      brokenAt = threads.elapsed();
      throw new StackOverflowError("simulated");
    }
    Delivery failure = failure(now, one, threads, life);
    if (failure != null) {
      return failure;
    }
    if (heartbeat) {
      heartbeats.add(threads.elapsed());
      return new Delivery.Delivered();
    }
    accepted.add(new Accepted(one, threads.elapsed(), life));
    // The agent may be killed between the answer and its record.
    threads.sleep(Duration.ofMillis(1));
    if (now == Mood.LOSES_ANSWERS) {
      lostAnswers.add(one.id());
      mood = Mood.ACCEPTS;
      return new Delivery.Retry("connection reset");
    }
    return new Delivery.Delivered();
  }

  /** The answer if it does not accept; null if it does. */
  private Delivery failure(Mood now, Notification one, Stepper threads, int life)
      throws InterruptedException {
    if (now == Mood.DOWN) {
      return new Delivery.Retry("connection refused");
    }
    if (now == Mood.BUSY) {
      return new Delivery.Retry("429", Duration.ofSeconds(40));
    }
    if (now == Mood.REFUSES) {
      refused.add(new Accepted(one, threads.elapsed(), life));
      return new Delivery.Refused("404");
    }
    if (now == Mood.HANGS) {
      threads.await(() -> mood != Mood.HANGS, PATIENCE);
      return NO_ANSWER;
    }
    if (now == Mood.ANSWERS_LATE) {
      lostAnswers.add(one.id());
      accepted.add(new Accepted(one, threads.elapsed(), life));
      threads.sleep(PATIENCE);
      return NO_ANSWER;
    }
    boolean beyond = now == Mood.LIMITS && isBeyondTheLimit(threads.elapsed());
    return beyond ? new Delivery.Retry("429", Duration.ofSeconds(30)) : null;
  }
}
