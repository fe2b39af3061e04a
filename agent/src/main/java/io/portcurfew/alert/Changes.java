package io.portcurfew.alert;

import java.util.List;

/**
 * What one look changed: the book after it, and what people are to be told.
 *
 * @param fired the alerts that began to fire, the worst first
 * @param resolved the firing alerts that are over
 */
public record Changes(Alerts after, List<Alert> fired, List<Alert> resolved) {

  public Changes {
    fired = List.copyOf(fired);
    resolved = List.copyOf(resolved);
  }
}
