package io.portcurfew.alert;

import java.util.List;

/**
 * What one look changed: the book after it, what people are to be told, and what is to be kept.
 *
 * @param told firing alerts first, the worst first, then those whose finding is gone
 * @param kept the alerts that are to be written down: new ones, and those that were told or stand
 *     otherwise than before
 * @param dropped the ids of alerts that are gone and of which nobody was ever told
 */
public record AlertChanges(
    Alerts after, List<Change> told, List<Alert> kept, List<String> dropped) {

  /** An alert as it stands now, and why people are told. */
  public record Change(Alert alert, Reason reason) {}

  public AlertChanges {
    told = List.copyOf(told);
    kept = List.copyOf(kept);
    dropped = List.copyOf(dropped);
  }

  /** The alerts that are told for this reason. */
  public List<Alert> told(Reason reason) {
    return told.stream().filter(c -> c.reason() == reason).map(Change::alert).toList();
  }

  /** The alerts that began to fire. */
  public List<Alert> fired() {
    return told(Reason.FIRST);
  }

  /** The firing alerts that are over. */
  public List<Alert> resolved() {
    return told(Reason.RESOLVED);
  }

  /** Whether nothing is to be written down. */
  public boolean isEmpty() {
    return told.isEmpty() && kept.isEmpty() && dropped.isEmpty();
  }
}
