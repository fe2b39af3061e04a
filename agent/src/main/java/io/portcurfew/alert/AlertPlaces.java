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

/** Shares out the places of {@link Alerts} by {@link AlertGroup}. Used for one scan. */
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
      groups.computeIfAbsent(AlertGroup.of(alert.finding()), group -> new ArrayList<>()).add(alert);
    }
  }

  private void remove(Alert loser) {
    open.remove(loser.key());
    AlertGroup group = AlertGroup.of(loser.finding());
    groups().getOrDefault(group, new ArrayList<>()).remove(loser);
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
    int size = groups().getOrDefault(own, List.of()).size();
    int others = groups().getOrDefault(largest, List.of()).size();
    boolean hostFirst = own.isOfHost() && !largest.isOfHost();
    return hostFirst || others > size + 1 ? last(largest) : null;
  }

  /**
   * The largest group with an alert that is no worse; one of another namespace before one of the
   * host.
   */
  private @Nullable AlertGroup largest(Severity severity) {
    return groups().entrySet().stream()
        .filter(each -> !each.getValue().isEmpty())
        .filter(each -> last(each.getKey()).finding().severity().compareTo(severity) <= 0)
        .max(
            Comparator.comparing(
                    (Map.Entry<AlertGroup, List<Alert>> each) -> !each.getKey().isOfHost())
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
        made.computeIfAbsent(AlertGroup.of(alert.finding()), group -> new ArrayList<>()).add(alert);
      }
      made.values().forEach(all -> all.sort(WORST_AND_OLDEST_FIRST));
      groups = made;
    }
    return made;
  }

  private void leaveOut(Finding finding) {
    notFollowed++;
    if (named.size() < Alerts.MOST_NAMED && named.add(AlertGroup.of(finding))) {
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
