package io.portcurfew.web;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/** The time of the CPU that a thread has taken. The class is loaded by the first flood only. */
final class ThreadTime {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ThreadTime() {}

  /** Returns the time of the calling thread so far; always zero if the system does not count it. */
  static Duration now() {
    return THREADS.isCurrentThreadCpuTimeSupported()
        ? Duration.ofNanos(Math.max(0, THREADS.getCurrentThreadCpuTime()))
        : Duration.ZERO;
  }
}
