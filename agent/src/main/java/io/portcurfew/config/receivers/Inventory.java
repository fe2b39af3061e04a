package io.portcurfew.config.receivers;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the inventory of listeners.
 *
 * @param receiver the name of a file receiver that gets it as lines of JSON; {@code null} for none
 * @param every the time between two inventories in the file: 1 min to 24 h
 * @param series the most series of {@code portcurfew_listener_info}; 0 for none
 */
public record Inventory(@Nullable String receiver, Duration every, int series) {

  /** No inventory. */
  public static final Inventory NONE = new Inventory(null, Duration.ofHours(1), 0);
}
