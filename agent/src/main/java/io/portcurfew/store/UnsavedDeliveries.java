package io.portcurfew.store;

import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.RoutedNotification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that began or ended while the database could not be written, in order: the
 * database does not show them yet. Used under the lock of the {@link Store}.
 */
final class UnsavedDeliveries {

  private final List<UnsavedChange> changes = new ArrayList<>();

  /**
   * A change of what is pending for one receiver.
   *
   * @param ended the ids of notifications that are no longer pending
   * @param begun the notification that is pending from now on
   * @param ran the running time of the agent at that moment
   */
  private record UnsavedChange(
      String receiver, Set<String> ended, @Nullable Notification begun, Duration ran) {}

  void begun(List<RoutedNotification> all, Duration ran) {
    for (RoutedNotification one : all) {
      for (String receiver : one.receivers()) {
        changes.add(new UnsavedChange(receiver, Set.of(), one.notification(), ran));
      }
    }
  }

  /** It was delivered or given up. */
  void ended(String receiver, Notification one) {
    changes.add(new UnsavedChange(receiver, Set.of(one.id()), null, Duration.ZERO));
  }

  void folded(String receiver, List<Notification> all, Notification summary, Duration ran) {
    Set<String> ids = all.stream().map(Notification::id).collect(Collectors.toSet());
    changes.add(new UnsavedChange(receiver, ids, summary, ran));
  }

  /** The database shows them from now on. */
  void clear() {
    changes.clear();
  }

  /**
   * The pending notifications of a receiver, in order.
   *
   * @param saved those of the database
   * @param ran the running time of the agent by now
   */
  List<Ledger.Pending> pending(String receiver, List<Ledger.Pending> saved, Duration ran) {
    List<Ledger.Pending> all = new ArrayList<>(saved);
    for (UnsavedChange change : changes) {
      if (change.receiver.equals(receiver)) {
        apply(change, all, ran);
      }
    }
    return all;
  }

  /** A summary comes where the last notification was that it replaces, as in the database. */
  private static void apply(UnsavedChange change, List<Ledger.Pending> all, Duration ran) {
    int last = change.ended.isEmpty() ? all.size() - 1 : lastOf(change.ended, all);
    boolean replacesNone = last < 0 && !change.ended.isEmpty();
    Notification begun = change.begun;
    if (begun != null && !replacesNone) {
      all.add(last + 1, new Ledger.Pending(begun, ran.minus(change.ran)));
    }
    all.removeIf(one -> change.ended.contains(one.notification().id()));
  }

  private static int lastOf(Set<String> ids, List<Ledger.Pending> all) {
    for (int i = all.size() - 1; i >= 0; i--) {
      if (ids.contains(all.get(i).notification().id())) {
        return i;
      }
    }
    return -1;
  }
}
