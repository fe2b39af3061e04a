package io.portcurfew.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of the store.
 *
 * @param why the cause if it cannot be written; else {@code null}
 * @param waiting the number of changes in memory that wait to be written
 * @param lost the number of changes lost for lack of space in memory
 * @param damaged the names of the damaged files that were set aside and still exist
 * @param refused the recent refusals, one text for each receiver
 */
public record StoreState(
    @Nullable String why, int waiting, long lost, List<String> damaged, List<String> refused) {

  public StoreState {
    damaged = List.copyOf(damaged);
    refused = List.copyOf(refused);
  }

  /** Returns this state with damaged files and refusals. */
  StoreState with(List<String> damagedFiles, List<String> refusals) {
    return new StoreState(why, waiting, lost, damagedFiles, refusals);
  }

  /** True if changes reach the disk. */
  public boolean writable() {
    return why == null;
  }
}
