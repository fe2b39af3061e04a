package io.portcurfew.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the store fares.
 *
 * @param why why it cannot be written; {@code null} where it can
 * @param waiting how many changes are kept in memory until it can be written
 * @param lost how many changes found no place there
 * @param damaged the names of the damaged files that were set aside and are still there
 * @param refused why each receiver that refused something lately refused it
 */
public record StoreState(
    @Nullable String why, int waiting, long lost, List<String> damaged, List<String> refused) {

  public StoreState {
    damaged = List.copyOf(damaged);
    refused = List.copyOf(refused);
  }

  /** Whether what happens is on the disk. */
  public boolean writable() {
    return why == null;
  }
}
