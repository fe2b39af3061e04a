package io.portcurfew.observe.linux;

import com.sun.management.OperatingSystemMXBean;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.netlink.SockDiag;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Measures the bare dump of all TCP and UDP listeners, without owners, once warm: CPU of the whole
 * process.
 */
final class DumpBench {

  private static final int DUMPS = 300;

  private DumpBench() {}

  /** Prints the mean. */
  public static void main(String[] args) throws KernelException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    try (SockDiag diag = SockDiag.open()) {
      int seen = dump(diag);
      long start = system.getProcessCpuTime();
      seen += dump(diag);
      double millis = (system.getProcessCpuTime() - start) / 1e6 / DUMPS;
      System.out.printf(Locale.ROOT, "%.3f ms of CPU, %d seen in all%n", millis, seen);
    }
  }

  private static int dump(SockDiag diag) throws KernelException {
    int seen = 0;
    for (int i = 0; i < DUMPS; i++) {
      for (boolean ipv6 : new boolean[] {false, true}) {
        seen += diag.dump(Transport.TCP, ipv6, 20_000).rows().size();
        seen += diag.dump(Transport.UDP, ipv6, 20_000).rows().size();
      }
    }
    return seen;
  }
}
