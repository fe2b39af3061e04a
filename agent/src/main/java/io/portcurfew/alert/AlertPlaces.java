package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.policy.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Shares out the places of {@link Alerts} by {@link AlertGroup.GroupShare}, and within a share by
 * {@link AlertGroup}. Used for one scan.
 */
final class AlertPlaces {

  /** The order within a group, whose last alert loses its place first. */
  private static final Comparator<Alert> WORST_AND_OLDEST_FIRST =
      Comparator.comparing((Alert alert) -> alert.finding().severity())
          .reversed()
          .thenComparing(Alert::startsAt)
          .thenComparing(Alert::key);

  private final SortedMap<AlertKey, Alert> open;
  private final List<Finding> leftOut = new ArrayList<>();
  private final Set<AlertGroup> named = new HashSet<>();
  private final Map<AlertGroup.GroupShare, Integer> namedOf = new HashMap<>();
  private final Map<AlertGroup.GroupShare, Integer> sizes = new HashMap<>();
  private @Nullable Map<AlertGroup, List<Alert>> groups;
  private @Nullable AlertGroup largest;
  private Severity largestFor = Severity.CRITICAL;
  private int notFollowed;

  AlertPlaces(SortedMap<AlertKey, Alert> open) {
    this.open = open;
  }

  /** Adds an alert; returns the one that lost its place, which is this one if there is none. */
  @Nullable Alert add(Alert alert) {
    if (open.size() < Alerts.placesFor(alert.finding().severity())) {
      put(alert);
      return null;
    }
    Alert loser = loserTo(alert);
    if (loser == null) {
      leaveOut(alert.finding());
      return alert;
    }
    remove(loser);
    put(alert);
    leaveOut(loser.finding());
    return loser;
  }

  private void put(Alert alert) {
    open.put(alert.key(), alert);
    if (groups != null) {
      add(groups, alert);
    }
  }

  private void remove(Alert loser) {
    open.remove(loser.key());
    AlertGroup group = AlertGroup.of(loser.finding());
    groups().getOrDefault(group, new ArrayList<>()).remove(loser);
    sizes.merge(group.share(), -1, Integer::sum);
    largest = null;
  }

  private @Nullable Alert loserTo(Alert alert) {
    Severity severity = alert.finding().severity();
    if (largest == null || severity != largestFor) {
      largestFor = severity;
      largest = largest(severity);
    }
    if (largest == null) {
      return null;
    }
    AlertGroup own = AlertGroup.of(alert.finding());
    boolean hostFirst = own.isOfHost() && !largest.isOfHost();
    return hostFirst || isLarger(largest, own) ? last(largest) : null;
  }

  /** Compares the shares of two groups, or the groups if they have the same share. */
  private boolean isLarger(AlertGroup other, AlertGroup own) {
    return own.share().equals(other.share())
        ? size(other) > size(own) + 1
        : size(other.share()) > size(own.share()) + 1;
  }

  private int size(AlertGroup group) {
    return groups().getOrDefault(group, List.of()).size();
  }

  private int size(AlertGroup.GroupShare share) {
    return sizes.getOrDefault(share, 0);
  }

  /**
   * The largest group of the largest share with an alert that is no worse; one of another namespace
   * before one of the host.
   */
  private @Nullable AlertGroup largest(Severity severity) {
    return groups().entrySet().stream()
        .filter(each -> !each.getValue().isEmpty())
        .filter(each -> last(each.getKey()).finding().severity().compareTo(severity) <= 0)
        .max(
            Comparator.comparing(
                    (Map.Entry<AlertGroup, List<Alert>> each) -> !each.getKey().isOfHost())
                .thenComparing(each -> size(each.getKey().share()))
                .thenComparing(each -> each.getValue().size())
                .thenComparing(each -> each.getKey().toString()))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  private Alert last(AlertGroup group) {
    List<Alert> all = groups().getOrDefault(group, List.of());
    return all.get(all.size() - 1);
  }

  private Map<AlertGroup, List<Alert>> groups() {
    Map<AlertGroup, List<Alert>> made = groups;
    if (made == null) {
      made = new HashMap<>();
      for (Alert alert : open.values()) {
        add(made, alert);
      }
      made.values().forEach(all -> all.sort(WORST_AND_OLDEST_FIRST));
      groups = made;
    }
    return made;
  }

  private void add(Map<AlertGroup, List<Alert>> into, Alert alert) {
    AlertGroup group = AlertGroup.of(alert.finding());
    into.computeIfAbsent(group, key -> new ArrayList<>()).add(alert);
    sizes.merge(group.share(), 1, Integer::sum);
  }

  /** Names one of each group, and of each share at most half of those that are named. */
  private void leaveOut(Finding finding) {
    notFollowed++;
    AlertGroup group = AlertGroup.of(finding);
    boolean hasRoom =
        named.size() < Alerts.MOST_NAMED
            && namedOf.getOrDefault(group.share(), 0) < Alerts.MOST_NAMED / 2;
    if (hasRoom && named.add(group)) {
      namedOf.merge(group.share(), 1, Integer::sum);
      leftOut.add(finding);
    }
  }

  int notFollowed() {
    return notFollowed;
  }

  List<Finding> leftOut() {
    return leftOut;
  }
}
