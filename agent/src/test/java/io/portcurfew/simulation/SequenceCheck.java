package io.portcurfew.simulation;

import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.simulation.SimulatedReceiver.Accepted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that one receiver got each message once and in order. */
final class SequenceCheck {

  private final SimulatedReceiver receiver;
  private final List<Notification> all;
  private final List<String> wrong;

  /**
   * @param all its messages about single alerts, in order
   */
  SequenceCheck(SimulatedReceiver receiver, List<Notification> all, List<String> wrong) {
    this.receiver = receiver;
    this.all = all;
    this.wrong = wrong;
  }

  /**
   * Checks them.
   *
   * @param stays true if the receiver was in every config
   */
  void check(int kills, boolean stays) {
    order();
    once(kills);
    if (stays) {
      notNew();
    }
  }

  /** An alert that has ended does not go on. */
  private void order() {
    Set<String> seen = new HashSet<>();
    Set<String> ended = new HashSet<>();
    for (Notification one : all) {
      String alert = one.alert().id();
      if (one.alert().state() == AlertState.RESOLVED) {
        ended.add(alert);
      } else if (seen.add(one.id()) && ended.contains(alert)) {
        wrong.add(receiver.name() + " got a message after the end: " + Oracle.text(one));
      }
    }
  }

  /** Each notification once, but for lost answers and kills; one content for each id. */
  private void once(int kills) {
    Map<String, Accepted> before = new HashMap<>();
    Map<String, String> firsts = new HashMap<>();
    Map<String, String> ends = new HashMap<>();
    int repeated = 0;
    int lost = receiver.lostAnswers().size();
    for (Accepted each : receiver.accepted()) {
      Notification one = each.notification();
      Accepted same = before.put(one.id(), each);
      if (same != null) {
        repeated++;
        repeated(same, each);
      } else if (one.summary() == null && one.reason() == Reason.FIRST) {
        again(firsts, one);
      } else if (one.summary() == null && one.reason() == Reason.RESOLVED) {
        again(ends, one);
      }
    }
    // A paging service knows a repeated event by its key.
    if (!receiver.name().equals("pager") && repeated > kills + lost) {
      wrong.add(
          "%s got %d messages twice after %d kills and %d lost answers"
              .formatted(receiver.name(), repeated, kills, lost));
    }
  }

  /** One agent repeats only what it got no answer to; another one, what it found pending. */
  private void repeated(Accepted before, Accepted again) {
    Notification one = again.notification();
    if (!content(before.notification()).equals(content(one))) {
      wrong.add(receiver.name() + " got another content with the id " + one.id());
    } else if (before.life() == again.life()
        && !receiver.name().equals("pager")
        && !receiver.lostAnswers().contains(one.id())) {
      wrong.add(receiver.name() + " got a message twice from one agent: " + Oracle.text(one));
    }
  }

  private void again(Map<String, String> seen, Notification one) {
    String other = seen.put(one.alert().id(), one.id());
    if (other != null) {
      wrong.add(receiver.name() + " got twice: " + Oracle.text(one));
    }
  }

  private static String content(Notification one) {
    Summary summary = one.summary();
    return summary == null
        ? one.alert().id() + one.reason()
        : summary.counts() + " " + summary.shown().stream().map(Notification::id).toList();
  }

  /** A receiver that was there all the time is no new one. */
  private void notNew() {
    Set<String> known = new HashSet<>();
    for (Notification one : all) {
      if (one.reason() == Reason.FIRST) {
        known.add(one.alert().id());
      } else if (one.reason() == Reason.ALREADY_FIRING && known.contains(one.alert().id())) {
        wrong.add(receiver.name() + " got an alert twice: " + Oracle.text(one));
      }
    }
  }
}
