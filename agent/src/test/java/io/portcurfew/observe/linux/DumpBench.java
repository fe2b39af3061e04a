package io.portcurfew.observe.linux;

import com.sun.management.OperatingSystemMXBean;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.netlink.SockDiag;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Measures the bare dump of all TCP and UDP listeners, without owners, once warm: CPU of the whole
 * process. With the argument {@code paced} there is a second between two dumps, as between two
 * scans, so that the caches of the CPU are as cold.
 */
final class DumpBench {

  private static final int DUMPS = 300;
  private static final int PACED_DUMPS = 40;

  private DumpBench() {}

  /** Prints the mean. */
  public static void main(String[] args) throws KernelException, InterruptedException {
    boolean paced = args.length > 0 && args[0].equals("paced");
    int dumps = paced ? PACED_DUMPS : DUMPS;
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    try (SockDiag diag = SockDiag.open()) {
      int seen = 0;
      for (int i = 0; i < DUMPS; i++) {
        seen += dump(diag);
      }
      long start = system.getProcessCpuTime();
      for (int i = 0; i < dumps; i++) {
        if (paced) {
          Thread.sleep(1_000);
        }
        seen += dump(diag);
      }
      double millis = (system.getProcessCpuTime() - start) / 1e6 / dumps;
      System.out.printf(Locale.ROOT, "%.3f ms of CPU, %d seen in all%n", millis, seen);
    }
  }

  private static int dump(SockDiag diag) throws KernelException {
    int seen = 0;
    for (boolean ipv6 : new boolean[] {false, true}) {
      seen += diag.dump(Transport.TCP, ipv6, 20_000).rows().size();
      seen += diag.dump(Transport.UDP, ipv6, 20_000).rows().size();
    }
    return seen;
  }
}
