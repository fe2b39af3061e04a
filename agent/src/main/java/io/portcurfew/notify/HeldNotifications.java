package io.portcurfew.notify;

import io.portcurfew.alert.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Notifications that wait while the ledger cannot be read: it may have earlier ones about the same
 * alerts, which come first. Alerts that begin meanwhile have none. Not thread-safe.
 */
final class HeldNotifications {

  /** After this time they are delivered, although an earlier one may follow. */
  static final Duration LONGEST = Duration.ofMinutes(1);

  private static final Set<Reason> BEGINNINGS = Set.of(Reason.FIRST, Reason.ALREADY_FIRING);

  private final Deque<Backlog.Waiting> held = new ArrayDeque<>();
  // The open alerts of which the ledger has no earlier notification, or of which one did not wait.
  private final Set<String> begun = new HashSet<>();

  /** Holds a notification; false if it need not wait. */
  boolean hold(Backlog.Waiting one) {
    String alert = one.notification().alert().id();
    Reason reason = one.notification().reason();
    boolean passes =
        BEGINNINGS.contains(reason) || begun.contains(alert) || held.size() >= Backlog.MOST;
    if (!passes) {
      held.addLast(one);
    } else if (reason == Reason.RESOLVED) {
      begun.remove(alert);
    } else {
      begun.add(alert);
    }
    return !passes;
  }

  /** Ends the hold, as the ledger was read; returns all notifications in order. */
  List<Backlog.Waiting> end() {
    List<Backlog.Waiting> all = List.copyOf(held);
    held.clear();
    begun.clear();
    return all;
  }

  /** Returns all notifications once the oldest has waited for {@link #LONGEST}; else none. */
  List<Backlog.Waiting> overdue(Duration now) {
    if (held.isEmpty() || now.minus(held.getFirst().since()).compareTo(LONGEST) < 0) {
      return List.of();
    }
    held.forEach(one -> begun.add(one.notification().alert().id()));
    List<Backlog.Waiting> all = List.copyOf(held);
    held.clear();
    return all;
  }

  int size() {
    return held.size();
  }
}
