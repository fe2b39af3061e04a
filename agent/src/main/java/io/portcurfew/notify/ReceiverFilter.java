package io.portcurfew.notify;

import io.portcurfew.alert.Reason;
import io.portcurfew.policy.Severity;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Selects the notifications of a receiver. A receiver notified of an alert also gets its
 * resolution: an alert counts with every severity of its earlier notifications, even if its rule
 * has another severity by then.
 *
 * @param resolved true if resolutions are included
 * @param atLeast the least severity
 * @param match the labels that an alert must carry
 */
public record ReceiverFilter(boolean resolved, Severity atLeast, SortedMap<String, String> match) {

  /** Selects all notifications. */
  public static final ReceiverFilter ALL = new ReceiverFilter(true, Severity.INFO, new TreeMap<>());

  public ReceiverFilter {
    match = Collections.unmodifiableSortedMap(new TreeMap<>(match));
  }

  /** True if the receiver gets this notification, which is no summary. */
  public boolean takes(Notification one) {
    if (one.reason() == Reason.RESOLVED && !resolved) {
      return false;
    }
    Set<Severity> notified = one.alert().notificationState().severities();
    return notified.isEmpty()
        ? takes(one, one.alert().finding().severity())
        : notified.stream().anyMatch(severity -> takes(one, severity));
  }

  private boolean takes(Notification one, Severity severity) {
    Map<String, String> labels = AlertLabels.all(one);
    labels.put("severity", severity.label());
    return severity.compareTo(atLeast) >= 0
        && match.entrySet().stream()
            .allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
  }
}
