package io.portcurfew.notify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one receiver, in order, and what of it is told in one. Not safe for several
 * threads; times are since some moment that is always the same.
 */
final class Backlog {

  /** When more wait, all but the first are folded. */
  static final int MOST = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

  private final String receiver;
  private final Ledger ledger;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  // By an attempt of which nothing is known, maybe of an agent that came to its end: it keeps its
  // id, so that the receiver can tell that it has it.
  private boolean firstMayBeTold;
  private long folded;

  /** A notification, and since when it waits. */
  record Waiting(Notification notification, Duration since) {}

  /** Begins with what the ledger says is pending. */
  Backlog(String receiver, Ledger ledger, Duration now) {
    this.receiver = receiver;
    this.ledger = ledger;
    for (Ledger.Pending one : ledger.pending(receiver)) {
      queue.addLast(new Waiting(one.notification(), now.minus(one.age())));
    }
    this.firstMayBeTold = !queue.isEmpty();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** The first, which is told now: until it is known what became of that, it keeps its id. */
  Waiting take() {
    firstMayBeTold = true;
    return first();
  }

  private Waiting first() {
    return queue.getFirst();
  }

  /** The first waits no longer. */
  void removeFirst() {
    queue.removeFirst();
    firstMayBeTold = false;
  }

  void add(Notification notification, Duration now) {
    if (queue.size() >= MOST) {
      // The first may be on its way.
      foldAllButTheFirst();
    }
    queue.addLast(new Waiting(notification, now));
  }

  /** How long the first still waits for others of its group; zero where it does not. */
  Duration leftToGather(Grouping grouping, Duration now) {
    if (firstMayBeTold || !queue.stream().allMatch(one -> grouping.holds(one.notification))) {
      return Duration.ZERO;
    }
    Duration left = grouping.most().minus(now.minus(first().since));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Puts one summary in the place of the first and of those of its group. */
  void gather(Grouping grouping) {
    if (firstMayBeTold || !grouping.holds(first().notification)) {
      return;
    }
    List<Notification> group = grouping.withFirst(notifications());
    if (group.size() < 2) {
      return;
    }
    Waiting summary = new Waiting(summary(group), first().since);
    Set<String> gathered = group.stream().map(Notification::id).collect(Collectors.toSet());
    queue.removeIf(one -> gathered.contains(one.notification.id()));
    queue.addFirst(summary);
  }

  /**
   * Puts one summary in the place of all, where there are more.
   *
   * @param most how many may go out by themselves
   */
  void stayWithin(int most) {
    if (queue.size() <= most) {
      return;
    }
    if (!firstMayBeTold) {
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

  private void fold() {
    List<Notification> all = notifications();
    Waiting summary = new Waiting(summary(all), first().since);
    queue.clear();
    queue.addLast(summary);
    LOG.info("receiver {} is told {} notifications in one", receiver, all.size());
  }

  private Notification summary(List<Notification> all) {
    Notification summary = Notification.of(all);
    ledger.folded(receiver, all, summary);
    folded += all.size();
    return summary;
  }

  private List<Notification> notifications() {
    return queue.stream().map(Waiting::notification).toList();
  }

  /**
   * How it stands.
   *
   * @param dead how many were refused
   */
  OutboxState state(Duration now, long dead) {
    Waiting first = queue.peekFirst();
    Duration oldest = first == null ? null : now.minus(first.since);
    return new OutboxState(queue.size(), oldest, folded, dead);
  }
}
