package io.portcurfew.observe.linux.owner;

import com.sun.jna.Platform;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds all processes that have ended with one call of epoll_wait(2), which takes the same time for
 * any number of processes that run. Not thread-safe.
 */
final class ExitPoller implements AutoCloseable {

  /** sys/epoll.h, struct epoll_event: events u32, data u64; packed on x86_64 alone. */
  private static final int DATA_AT = Platform.isARM() ? 8 : 4;

  private static final int SIZE = DATA_AT + Long.BYTES;

  // sys/epoll.h.
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;

  private NativeBuffer events;
  private int epoll = -1;

  ExitPoller() {
    this(64);
  }

  /** Opens nothing yet; begins with room for so many processes that end at once. */
  ExitPoller(int room) {
    events = new NativeBuffer(room * SIZE);
  }

  /**
   * Watches a process.
   *
   * @param pidfd a descriptor of it (pidfd_open(2)); negative if the kernel has none
   * @return false if the kernel does not report its end
   */
  boolean watch(int pid, int pidfd) {
    if (epoll < 0) {
      epoll = Libc.epoll_create1(Libc.O_CLOEXEC);
    }
    events.bytes().putInt(0, Libc.POLLIN).putLong(DATA_AT, pid);
    return pidfd >= 0
        && epoll >= 0
        && Libc.epoll_ctl(epoll, EPOLL_CTL_ADD, pidfd, events.address()) == 0;
  }

  /** Watches a process no longer; call it before its descriptor is closed. */
  void forget(int pidfd) {
    Libc.epoll_ctl(epoll, EPOLL_CTL_DEL, pidfd, events.address());
  }

  /**
   * Returns the ids of the watched processes that have ended, until they are forgotten.
   *
   * @return {@code null} if the kernel does not say it
   */
  int @Nullable [] ended() {
    if (epoll < 0) {
      return new int[0];
    }
    int room = events.size() / SIZE;
    int ready = Libc.epoll_wait(epoll, events.address(), room, 0);
    if (ready < 0) {
      return null;
    }
    if (ready == room) {
      // There may be more, and each call reports all of them again.
      events = new NativeBuffer(2 * events.size());
      return ended();
    }
    int[] pids = new int[ready];
    for (int i = 0; i < ready; i++) {
      pids[i] = (int) events.bytes().getLong(i * SIZE + DATA_AT);
    }
    return pids;
  }

  @Override
  public void close() {
    if (epoll >= 0) {
      Libc.close(epoll);
      epoll = -1;
    }
  }
}
