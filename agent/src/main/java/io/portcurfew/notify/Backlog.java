package io.portcurfew.notify;

import io.portcurfew.text.CountedNoun;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pending notifications of one receiver, in order, and their merging. Not thread-safe; times
 * are monotonic.
 */
final class Backlog {

  /** The maximum of pending notifications; beyond it all but the first are merged. */
  static final int MOST = 10_000;

  /** The maximum of single ends that wait for a place: as many as the summaries of a burst list. */
  private static final int MOST_ENDS = RateLimit.USUAL.burst() * Summary.MOST_SHOWN;

  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

  private final String receiver;
  private final Ledger ledger;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  // An attempt may have reached the receiver, maybe from an agent that has ended since. It keeps
  // its id, by which the receiver recognises a repeat.
  private boolean firstMayBeDelivered;
  private final Set<String> ids = new HashSet<>();
  // A scan may hand these over again: it saved them before this backlog began.
  private final Set<String> fromLedger = new HashSet<>();
  // The ledger could not be read.
  private boolean unread;
  private final HeldNotifications held = new HeldNotifications();
  private final UnsentAlerts unsent = new UnsentAlerts();
  private long folded;

  /** A notification and the monotonic time since which it waits. */
  record Waiting(Notification notification, Duration since) {}

  /** Starts with the pending notifications of the ledger. */
  Backlog(String receiver, Ledger ledger, Duration now) {
    this.receiver = receiver;
    this.ledger = ledger;
    read(now);
  }

  /** Adds those of the ledger. If it cannot be read now, {@link #readAgain} tries it again. */
  void read(Duration now) {
    Optional<List<Ledger.Pending>> pending = ledger.pending(receiver);
    unread = pending.isEmpty();
    pending.ifPresent(
        all -> {
          queue.addAll(held.end());
          takeOver(all, now);
        });
  }

  /** Reads the ledger again if it could not be read; returns true if it could not be. */
  boolean readAgain(Duration now) {
    boolean again = unread;
    if (again) {
      read(now);
      queue.addAll(held.overdue(now));
    }
    return again;
  }

  /**
   * Adds the notifications of the ledger that are not queued yet, in the order of the ledger and
   * before the others. The first stays the first if it may be delivered already.
   */
  private void takeOver(List<Ledger.Pending> pending, Duration now) {
    Map<String, Waiting> all = new LinkedHashMap<>();
    if (firstMayBeDelivered && !queue.isEmpty()) {
      all.put(first().notification.id(), first());
    }
    Map<String, Waiting> queued = new HashMap<>();
    queue.forEach(one -> queued.put(one.notification.id(), one));
    for (Ledger.Pending one : pending) {
      String id = one.notification().id();
      Waiting known = queued.get(id);
      Waiting waiting =
          known != null ? known : new Waiting(one.notification(), now.minus(one.age()));
      if (known == null) {
        firstMayBeDelivered = true;
        fromLedger.add(id);
      }
      all.putIfAbsent(id, waiting);
    }
    queue.forEach(one -> all.putIfAbsent(one.notification.id(), one));
    queue.clear();
    queue.addAll(all.values());
    ids.addAll(all.keySet());
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Returns the first for an attempt; it keeps its id until the outcome is known. */
  Waiting take() {
    firstMayBeDelivered = true;
    unsent.attempted(first().notification);
    return first();
  }

  private Waiting first() {
    return queue.getFirst();
  }

  /** Removes the first, which is delivered or refused. */
  void removeFirst() {
    ids.remove(queue.removeFirst().notification.id());
    firstMayBeDelivered = false;
  }

  /**
   * Queues a notification, unless it was queued from the ledger, even if it is delivered or merged
   * by now.
   */
  void add(Notification notification, Duration now) {
    if (fromLedger.remove(notification.id()) || !ids.add(notification.id())) {
      return;
    }
    unsent.queued(notification);
    Waiting waiting = new Waiting(notification, now);
    if (unread && held.hold(waiting)) {
      return;
    }
    if (queue.size() >= MOST) {
      // An attempt to deliver the first may be running.
      foldAllButTheFirst();
    }
    queue.addLast(waiting);
  }

  /**
   * The remaining time for which the first waits for others of its group; zero if it does not wait.
   */
  Duration leftToGather(Grouping grouping, Duration now) {
    if (firstMayBeDelivered || !queue.stream().allMatch(one -> grouping.holds(one.notification))) {
      return Duration.ZERO;
    }
    Duration left = grouping.most().minus(now.minus(first().since));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Replaces the first and the others of its group by one summary. */
  void gather(Grouping grouping) {
    if (firstMayBeDelivered || !grouping.holds(first().notification)) {
      return;
    }
    List<Notification> group = grouping.withFirst(notifications());
    if (group.size() < 2) {
      return;
    }
    queue.addFirst(merge(FoldSelection.of(group, unsent::wasSent, MOST_ENDS)));
  }

  /** True if there are more than may be delivered one by one. */
  boolean exceeds(int most) {
    return queue.size() > most;
  }

  /** Puts a critical notification that may pass the rate limit at the front, if there is one. */
  boolean bringForward(CriticalPass pass, Duration now) {
    if (firstMayBeDelivered) {
      return false;
    }
    Set<String> earlier = new HashSet<>();
    for (Waiting one : queue) {
      // The notifications of an alert keep their order.
      if (earlier.addAll(alerts(one.notification)) && pass.isOpenTo(one.notification, now)) {
        pass.pass(one.notification, now);
        queue.remove(one);
        queue.addFirst(one);
        return true;
      }
    }
    return false;
  }

  private static List<String> alerts(Notification one) {
    Summary summary = one.summary();
    return summary == null
        ? List.of(one.alert().id())
        : summary.shown().stream().map(shown -> shown.alert().id()).toList();
  }

  /**
   * Replaces all by one summary if there are more than allowed.
   *
   * @param most the number of notifications that may be delivered one by one
   */
  void stayWithin(int most) {
    if (queue.size() <= most) {
      return;
    }
    if (!firstMayBeDelivered) {
      fold();
    } else if (queue.size() > 2) {
      foldAllButTheFirst();
    }
  }

  private void foldAllButTheFirst() {
    Waiting first = queue.removeFirst();
    fold();
    queue.addFirst(first);
  }

  /** Earlier summaries that are left come first, then the new one, then the ends that are left. */
  private void fold() {
    FoldSelection selection = FoldSelection.of(notifications(), unsent::wasSent, MOST_ENDS);
    if (selection.replaced().size() < 2) {
      return;
    }
    Waiting summary = merge(selection);
    List<Waiting> left = List.copyOf(queue);
    queue.clear();
    left.stream().filter(one -> one.notification.summary() != null).forEach(queue::addLast);
    queue.addLast(summary);
    left.stream().filter(one -> one.notification.summary() == null).forEach(queue::addLast);
    LOG.info(
        "merged {} to receiver {} into one",
        CountedNoun.of(selection.replaced().size(), "notification"),
        receiver);
  }

  /** Takes the notifications out of the queue; returns the summary that replaces them. */
  private Waiting merge(FoldSelection selection) {
    List<Notification> replaced = selection.replaced();
    Summary content = Summary.of(selection);
    Notification summary = Notification.of(replaced, content);
    ledger.folded(receiver, replaced, summary);
    folded += replaced.size();
    unsent.replaced(replaced, content);
    Set<String> gone = replaced.stream().map(Notification::id).collect(Collectors.toSet());
    Duration since = first().since;
    queue.removeIf(one -> gone.contains(one.notification.id()));
    ids.removeAll(gone);
    ids.add(summary.id());
    if (selection.lost() > 0) {
      LOG.warn(
          "the ends of {} are not listed for receiver {}: too many wait",
          CountedNoun.of(selection.lost(), "alert"),
          receiver);
    }
    return new Waiting(summary, since);
  }

  private List<Notification> notifications() {
    return queue.stream().map(Waiting::notification).toList();
  }

  /**
   * The current counts.
   *
   * @param dead the number of refused notifications
   */
  OutboxCounts counts(long dead) {
    Waiting first = queue.peekFirst();
    Duration since = first == null ? null : first.since;
    return new OutboxCounts(queue.size() + held.size(), since, folded, dead);
  }
}
