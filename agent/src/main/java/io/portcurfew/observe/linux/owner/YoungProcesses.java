package io.portcurfew.observe.linux.owner;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Handles processes that hold a socket a moment after their start. Until a new process runs its own
 * program, it holds the sockets of its parent for some milliseconds. It may run the file of a
 * helper in that time (Java's jspawnhelper). Without this class a process that starts programs
 * would seem to share its sockets. Such a process is checked again until it has closed them or is
 * no longer young.
 */
final class YoungProcesses {

  private final HeldProcesses held;
  private final WaitLimits limits;

  /**
   * The limits for the waiting.
   *
   * @param young the time after its start in which a process is young
   * @param most the maximum number of pauses in one look
   * @param pause waits between two checks
   */
  record WaitLimits(Duration young, int most, YoungPause pause) {
    static final WaitLimits USUAL =
        new WaitLimits(Duration.ofMillis(200), 10, () -> TimeUnit.MILLISECONDS.sleep(20));
  }

  /** Waits for a short time. */
  interface YoungPause {
    void pause() throws InterruptedException;
  }

  YoungProcesses(HeldProcesses held, WaitLimits limits) {
    this.held = held;
    this.limits = limits;
  }

  /**
   * Checks the new holders since the last call again.
   *
   * @param walk reads all descriptors of a process
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  void settle(IntConsumer walk) throws InterruptedException {
    List<HeldProcess> found = held.takeNewHolders();
    if (found.isEmpty()) {
      return;
    }
    Instant now = held.now();
    List<HeldProcess> young = found.stream().filter(process -> isYoung(process, now)).toList();
    // A search ends at the first holder, and the parent may be another one.
    young.stream()
        .filter(YoungProcesses::isOnlyHolder)
        .mapToInt(HeldProcess::parent)
        .distinct()
        .forEach(walk);
    List<HeldProcess> left = starting(young);
    for (int pauses = 0; pauses < limits.most() && !left.isEmpty(); pauses++) {
      limits.pause().pause();
      left.forEach(process -> held.prove(process, walk));
      left = starting(left);
    }
  }

  private boolean isYoung(HeldProcess process, @Nullable Instant now) {
    Instant start = process.owner().details().startedAt();
    return now != null
        && start != null
        && Duration.between(start, now).compareTo(limits.young()) < 0;
  }

  private static boolean isOnlyHolder(HeldProcess process) {
    return process.parent() > 0
        && process.descriptors().keySet().stream()
            .anyMatch(holders -> holders.processes().size() == 1);
  }

  /** Returns the processes that share a socket with a process that runs another file. */
  private List<HeldProcess> starting(List<HeldProcess> young) {
    return young.stream()
        .filter(process -> held.get(process.pid()) == process)
        .filter(
            process ->
                process.descriptors().keySet().stream()
                    .flatMap(holders -> holders.processes().stream())
                    .anyMatch(other -> other.runsAnotherThan(process)))
        .toList();
  }
}
