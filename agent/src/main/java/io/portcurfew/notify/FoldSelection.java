package io.portcurfew.notify;

import io.portcurfew.alert.AlertState;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The notifications that one summary replaces. Ends for which it has no place are left to the next
 * summary: without its end an alert stays open at a receiver for ever.
 *
 * @param replaced in their order; empty if the summary would list no alert
 * @param listed the ids of the alerts whose ends the summary has to list
 * @param left the ids of the alerts whose latest notification is left; the summary must not list
 *     earlier ones, since it may be sent after that
 * @param lost the number of ends that the receiver needs and will not be sent
 */
record FoldSelection(List<Notification> replaced, Set<String> listed, Set<String> left, int lost) {

  /** So many places of a summary are for other alerts than those with ends, if it has as many. */
  private static final int FOR_OTHERS = Summary.MOST_SHOWN / 2;

  static FoldSelection whole(List<Notification> all) {
    return new FoldSelection(all, Set.of(), Set.of(), 0);
  }

  /**
   * Selects from a queue. An earlier summary is left too if it lists more ends than there are
   * places.
   *
   * @param all the queue, in order
   * @param isOwed true for an alert whose end the receiver needs, since it was sent the alert
   * @param mostLeft the maximum of single ends that are left; more are counted and not listed
   */
  static FoldSelection of(List<Notification> all, Predicate<String> isOwed, int mostLeft) {
    Map<String, Notification> latest = Summary.latest(all);
    if (latest.size() <= Summary.MOST_SHOWN) {
      return whole(all);
    }
    Map<String, Notification> ends = new LinkedHashMap<>();
    latest.forEach(
        (alert, one) -> {
          if (one.alert().state() == AlertState.RESOLVED && isOwed.test(alert)) {
            ends.put(one.id(), one);
          }
        });
    int others = Math.min(latest.size() - ends.size(), FOR_OTHERS);
    Selecting selecting = new Selecting(ends, Summary.MOST_SHOWN - others);
    selecting.summaries(all);
    selecting.singles(all, mostLeft);
    return selecting.result(all, latest);
  }

  /** The selection while it is made. */
  private static final class Selecting {

    private final Map<String, Notification> ends;
    private final Set<String> listed = new HashSet<>();
    // The ids of notifications.
    private final Set<String> left = new HashSet<>();
    private int places;
    private int lost;

    /**
     * @param ends the ends that the receiver needs, by the id of the notification
     * @param places the places for them
     */
    Selecting(Map<String, Notification> ends, int places) {
      this.ends = ends;
      this.places = places;
    }

    void summaries(List<Notification> all) {
      for (Notification one : all) {
        Summary summary = one.summary();
        if (summary == null) {
          continue;
        }
        List<Notification> own =
            summary.shown().stream().filter(shown -> ends.containsKey(shown.id())).toList();
        if (own.size() > places) {
          left.add(one.id());
        } else {
          own.forEach(this::list);
        }
      }
    }

    private void list(Notification end) {
      places--;
      listed.add(end.alert().id());
    }

    /** In the order of summaries, so that many ends of one user do not hold back another's. */
    void singles(List<Notification> all, int mostLeft) {
      List<Notification> single =
          all.stream()
              .filter(one -> one.summary() == null && ends.containsKey(one.id()))
              .collect(Collectors.toList());
      int singles = 0;
      for (Notification one : Summary.ordered(single)) {
        if (places > 0) {
          list(one);
        } else if (singles++ < mostLeft) {
          left.add(one.id());
        } else {
          lost++;
        }
      }
    }

    FoldSelection result(List<Notification> all, Map<String, Notification> latest) {
      Map<Boolean, List<Notification>> byLeft =
          all.stream().collect(Collectors.partitioningBy(one -> left.contains(one.id())));
      Map<String, Notification> later = Summary.latest(byLeft.getOrDefault(true, List.of()));
      later.values().removeIf(one -> !isSame(one, latest.get(one.alert().id())));
      List<Notification> replaced = byLeft.getOrDefault(false, List.of());
      boolean listsNone = later.keySet().containsAll(Summary.latest(replaced).keySet());
      return new FoldSelection(
          listsNone ? List.of() : replaced, Set.copyOf(listed), Set.copyOf(later.keySet()), lost);
    }

    private static boolean isSame(Notification one, @Nullable Notification other) {
      return other != null && one.id().equals(other.id());
    }
  }
}
