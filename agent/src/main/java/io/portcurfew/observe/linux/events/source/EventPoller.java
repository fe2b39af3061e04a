package io.portcurfew.observe.linux.events.source;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import java.time.Duration;

/** Waits until one of several descriptors is readable or another thread wakes it. */
public final class EventPoller implements AutoCloseable {

  /** struct pollfd: fd i32, events i16, revents i16. */
  private static final int POLLFD = 8;

  private final int wakeFd;
  private final NativeBuffer one = new NativeBuffer(8);
  private final NativeBuffer eight = new NativeBuffer(8);
  private NativeBuffer polled = new NativeBuffer(POLLFD);
  private int count;
  private boolean closed;

  private EventPoller(int wakeFd) {
    this.wakeFd = wakeFd;
    one.bytes().putLong(0, 1);
  }

  /**
   * Waits for nothing yet.
   *
   * @throws KernelException if the kernel refuses an eventfd(2)
   */
  public static EventPoller open() throws KernelException {
    int fd = Libc.eventfd(0, Libc.EFD_FLAGS);
    if (fd < 0) {
      throw new KernelException("opening an eventfd", Native.getLastError());
    }
    EventPoller opened = new EventPoller(fd);
    opened.use(new int[0]);
    return opened;
  }

  /** Waits for these descriptors from now on. */
  public void use(int[] descriptors) {
    count = descriptors.length + 1;
    polled = new NativeBuffer(count * POLLFD);
    put(0, wakeFd);
    for (int i = 0; i < descriptors.length; i++) {
      put(i + 1, descriptors[i]);
    }
  }

  private void put(int index, int fd) {
    polled.bytes().putInt(index * POLLFD, fd);
    polled.bytes().putShort(index * POLLFD + 4, Libc.POLLIN);
  }

  /** Waits; an interruption by a signal ends the wait too. */
  public void await(Duration most) {
    Libc.poll(polled.address(), count, (int) most.toMillis());
    if (polled.bytes().getShort(6) != 0) {
      Libc.read(wakeFd, eight.address(), 8);
    }
  }

  /** Ends the current or the next wait; from any thread. */
  public synchronized void wake() {
    // The number of a closed descriptor may mean another file.
    if (!closed) {
      Libc.write(wakeFd, one.address(), 8);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    Libc.close(wakeFd);
  }
}
