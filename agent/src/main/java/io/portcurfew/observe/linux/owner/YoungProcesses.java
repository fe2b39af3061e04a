package io.portcurfew.observe.linux.owner;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Processes that are found to hold a socket a moment after their start. Until one runs its own
 * program it holds what its parent holds, for some milliseconds and maybe by the file of a helper
 * (Java's jspawnhelper): a process that starts programs would seem to share its sockets. So such a
 * process is looked at again, until it has let go of them or is no longer that young.
 */
final class YoungProcesses {

  private final HeldProcesses held;
  private final Patience patience;

  /**
   * How long to wait for them.
   *
   * @param young for how long after its start a process is one
   * @param most how many pauses one look may take
   */
  record Patience(Duration young, int most, Pause pause) {
    static final Patience USUAL =
        new Patience(Duration.ofMillis(200), 10, () -> TimeUnit.MILLISECONDS.sleep(20));
  }

  /** Lets some time go by. */
  interface Pause {
    void pause() throws InterruptedException;
  }

  YoungProcesses(HeldProcesses held, Patience patience) {
    this.held = held;
    this.patience = patience;
  }

  /**
   * Looks again at those that were found since this was asked last.
   *
   * @param walk looks through all descriptors of a process
   * @throws InterruptedException when interrupted meanwhile
   */
  void settle(IntConsumer walk) throws InterruptedException {
    List<HeldProcess> found = held.takeNewHolders();
    Instant now = found.isEmpty() ? null : held.now();
    List<HeldProcess> young = found.stream().filter(one -> isYoung(one, now)).toList();
    // A search ends at the first holder; the parent may be another one.
    young.stream()
        .filter(YoungProcesses::isAlone)
        .mapToInt(HeldProcess::parent)
        .distinct()
        .forEach(walk);
    List<HeldProcess> left = starting(young);
    for (int pauses = 0; pauses < patience.most() && !left.isEmpty(); pauses++) {
      patience.pause().pause();
      left.forEach(one -> held.prove(one, walk));
      left = starting(left);
    }
  }

  private boolean isYoung(HeldProcess process, @Nullable Instant now) {
    Instant start = process.owner().details().startedAt();
    return now != null
        && start != null
        && Duration.between(start, now).compareTo(patience.young()) < 0;
  }

  private static boolean isAlone(HeldProcess process) {
    return process.parent() > 0
        && process.descriptors().keySet().stream()
            .anyMatch(holders -> holders.processes().size() == 1);
  }

  /** Those that share a socket with a process that runs another file. */
  private List<HeldProcess> starting(List<HeldProcess> young) {
    return young.stream()
        .filter(one -> held.get(one.pid()) == one)
        .filter(
            one ->
                one.descriptors().keySet().stream()
                    .flatMap(holders -> holders.processes().stream())
                    .anyMatch(other -> other.runsAnotherThan(one)))
        .toList();
  }
}
