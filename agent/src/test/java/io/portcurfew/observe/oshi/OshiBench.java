package io.portcurfew.observe.oshi;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import oshi.SystemInfo;
import oshi.software.os.InternetProtocolStats;

/** Measures the CPU of the whole process for one warm getConnections of OSHI on this host. */
final class OshiBench {

  private static final int ROUNDS = 9;

  private OshiBench() {}

  /** Prints the median. */
  public static void main(String[] args) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    InternetProtocolStats stats = new SystemInfo().getOperatingSystem().getInternetProtocolStats();
    long[] nanos = new long[ROUNDS];
    int seen = 0;
    for (int i = 0; i < 2 * ROUNDS; i++) {
      long start = system.getProcessCpuTime();
      seen += stats.getConnections().size();
      nanos[i % ROUNDS] = system.getProcessCpuTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT, "%.3f ms of CPU, %d seen in all%n", nanos[ROUNDS / 2] / 1e6, seen);
  }
}
