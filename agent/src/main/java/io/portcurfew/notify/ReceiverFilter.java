package io.portcurfew.notify;

import io.portcurfew.alert.Reason;
import io.portcurfew.policy.Severity;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which notifications a receiver is told. What it heard of it hears the end of: an alert counts by
 * the severities that people were told of it with, also where its rule was given another meanwhile.
 *
 * @param resolved whether also those that an alert is over
 * @param atLeast those of this severity and of worse
 * @param match the labels that an alert has to carry
 */
public record ReceiverFilter(boolean resolved, Severity atLeast, SortedMap<String, String> match) {

  /** All of them. */
  public static final ReceiverFilter ALL = new ReceiverFilter(true, Severity.INFO, new TreeMap<>());

  public ReceiverFilter {
    match = Collections.unmodifiableSortedMap(new TreeMap<>(match));
  }

  /** Whether it is told this one, which stands for itself alone. */
  public boolean takes(Notification one) {
    if (one.reason() == Reason.RESOLVED && !resolved) {
      return false;
    }
    Set<Severity> told = one.alert().notificationState().severities();
    return told.isEmpty()
        ? takes(one, one.alert().finding().severity())
        : told.stream().anyMatch(severity -> takes(one, severity));
  }

  private boolean takes(Notification one, Severity severity) {
    Map<String, String> labels = AlertLabels.all(one);
    labels.put("severity", severity.label());
    return severity.compareTo(atLeast) >= 0
        && match.entrySet().stream()
            .allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
  }
}
