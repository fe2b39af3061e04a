package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A finding followed over time.
 *
 * @param id stable through the whole life of the alert; another life of the same key has another id
 * @param finding as it was last seen
 * @param startsAt when it was first seen
 * @param endsAt when it was first seen to be over; only of a resolved alert
 */
public record Alert(
    String id, AlertState state, Finding finding, Instant startsAt, @Nullable Instant endsAt) {

  /** What makes it the same alert. */
  public AlertKey key() {
    return AlertKey.of(finding);
  }
}
