package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Finds all processes that have ended with one call of poll(2). */
final class ExitPoller {

  // poll.h, struct pollfd: fd int, events short, revents short.
  private static final int SIZE = 8;
  private static final int EVENTS_AT = 4;
  private static final int REVENTS_AT = 6;

  private List<HeldProcess> processes = List.of();
  private List<HeldProcess> withoutPidfd = List.of();
  private NativeBuffer fds = new NativeBuffer(SIZE);
  private boolean changed = true;

  /** Records that the set of processes has changed since the last call. */
  void changed() {
    changed = true;
  }

  /**
   * Returns the processes that have ended. If the kernel has no pidfd (before 5.3), each process is
   * checked separately.
   */
  List<HeldProcess> of(Collection<HeldProcess> all) {
    if (changed) {
      prepare(all);
    }
    List<HeldProcess> ended = new ArrayList<>(0);
    int ready = processes.isEmpty() ? 0 : Libc.poll(fds.address(), processes.size(), 0);
    for (int i = 0; i < processes.size() && ready > 0; i++) {
      if (fds.bytes().getShort(i * SIZE + REVENTS_AT) != 0) {
        ended.add(processes.get(i));
      }
    }
    for (HeldProcess process : ready < 0 ? processes : withoutPidfd) {
      if (!process.prove()) {
        ended.add(process);
      }
    }
    return ended;
  }

  private void prepare(Collection<HeldProcess> all) {
    processes = List.copyOf(all);
    withoutPidfd = processes.stream().filter(process -> process.pidfd() < 0).toList();
    if (fds.size() < processes.size() * SIZE) {
      fds = new NativeBuffer(2 * processes.size() * SIZE);
    }
    ByteBuffer bytes = fds.bytes();
    for (int i = 0; i < processes.size(); i++) {
      // poll(2) ignores a negative descriptor.
      bytes.putInt(i * SIZE, processes.get(i).pidfd());
      bytes.putShort(i * SIZE + EVENTS_AT, Libc.POLLIN);
      bytes.putShort(i * SIZE + REVENTS_AT, (short) 0);
    }
    changed = false;
  }
}
