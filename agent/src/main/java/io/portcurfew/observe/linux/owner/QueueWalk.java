package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import org.jspecify.annotations.Nullable;

/** Searches one process for a Unix socket in whose queue descriptors wait, in several parts. */
final class QueueWalk implements AutoCloseable {

  private static final int NONE = -1;

  private final @Nullable ProcessFolder folder;
  private int list;
  private int found = NONE;

  /** Starts at the first descriptor of a process, or of a thread with a table of its own. */
  QueueWalk(ProcFs proc, int id) {
    folder = proc.process(id);
    list = folder == null ? NONE : folder.openDescriptors();
  }

  /** Returns true if there is nothing more to read, or such a socket was found. */
  boolean ended() {
    return list < 0 || found >= 0;
  }

  /**
   * Reads the next descriptors.
   *
   * @param most the approximate number of descriptors to read
   * @return the units of a budget that this took
   */
  int read(int most) {
    ProcessFolder process = folder;
    int[] descriptors =
        process == null || process.isExecuting() ? null : process.someDescriptors(list, most);
    if (process == null || descriptors == null) {
      closeList();
      return 1;
    }
    int units = descriptors.length + 1;
    for (int descriptor : descriptors) {
      if (process.socketAt(descriptor) > 0) {
        units += WalkBudget.INFO;
        if (process.hasQueueAt(descriptor)) {
          found = descriptor;
          return units;
        }
      }
    }
    return units;
  }

  /** Returns the descriptor of the socket that was found, or -1. */
  int found() {
    return found;
  }

  /** Returns the process, which the caller takes over; {@code null} if it has ended. */
  @Nullable ProcessFolder takeFolder() {
    closeList();
    return folder;
  }

  private void closeList() {
    if (folder != null && list >= 0) {
      folder.closeDescriptors(list);
    }
    list = NONE;
  }

  @Override
  public void close() {
    closeList();
    if (folder != null) {
      folder.close();
    }
  }
}
