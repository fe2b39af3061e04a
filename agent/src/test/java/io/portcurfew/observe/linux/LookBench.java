package io.portcurfew.observe.linux;

import com.sun.management.OperatingSystemMXBean;
import io.portcurfew.observe.View;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures what a look costs on this host, beside ss in the same run: CPU of the whole process.
 *
 * <p>Run it under the load of sockets.py, with the options of the daemon:
 *
 * <pre>
 * java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp CLASSPATH io.portcurfew.observe.linux.LookBench
 * </pre>
 */
final class LookBench {

  private static final int WARM_UP = 300;
  private static final int LOOKS = 60;
  private static final int ROUNDS = 5;
  private static final int NEW_LISTENERS = 21;

  private LookBench() {}

  public static void main(String[] args) throws Exception {
    try (LinuxSource source = LinuxSource.ofHost()) {
      OperatingSystemMXBean system =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long first = system.getProcessCpuTime();
      View view = source.look();
      say(
          "first look %.1f ms of CPU, %d listeners, complete %s",
          millis(system, first), view.listeners().size(), view.complete());
      view.gaps().forEach(gap -> say("gap: %s", gap));
      for (int i = 0; i < WARM_UP; i++) {
        source.look();
      }
      double[] looks = new double[ROUNDS];
      double[] owners = new double[ROUNDS];
      double[] plain = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        long start = system.getProcessCpuTime();
        for (int i = 0; i < LOOKS; i++) {
          source.look();
        }
        looks[round] = millis(system, start) / LOOKS;
        owners[round] = ofChild("ss -H -tulpn");
        plain[round] = ofChild("ss -H -tuln");
      }
      say("look         %.2f ms (median of %s)", median(looks), Arrays.toString(looks));
      say("ss -H -tulpn %.1f ms: %.0f looks", median(owners), median(owners) / median(looks));
      say("ss -H -tuln  %.1f ms: %.1f looks", median(plain), median(plain) / median(looks));
      newListener(source);
    }
  }

  /**
   * The additional cost of the look after a new listener, and the cost of a look through all
   * processes.
   */
  private static void newListener(LinuxSource source) throws Exception {
    double[] steady = new double[NEW_LISTENERS];
    double[] found = new double[NEW_LISTENERS];
    double[] walks = new double[ROUNDS];
    for (int i = 0; i < NEW_LISTENERS; i++) {
      steady[i] = cpuOf(source);
      String script = "s = tcp(); ready(s.getsockname()[1])";
      try (PythonProcess python = PythonProcess.run(script)) {
        found[i] = cpuOf(source);
        if (python.pid() < 0) {
          throw new IllegalStateException();
        }
      }
      source.look();
    }
    for (int i = 0; i < ROUNDS; i++) {
      try (LinuxSource fresh = LinuxSource.ofHost()) {
        walks[i] = cpuOf(fresh);
      }
    }
    double more = median(found) - median(steady);
    say("a new listener costs %.2f ms more, in the median of %d", more, NEW_LISTENERS);
    say(
        "a look that knows nothing costs %.1f ms: %.0f times that",
        median(walks), median(walks) / more);
  }

  private static double cpuOf(LinuxSource source) throws InterruptedException {
    long start = threadCpu();
    source.look();
    return (threadCpu() - start) / 1e6;
  }

  private static long threadCpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** CPU of a command, in milliseconds: what the shell's own clock says of its children. */
  private static double ofChild(String command) throws IOException, InterruptedException {
    String script =
        "TIMEFORMAT='%3U %3S'; time for i in 1 2 3 4 5; do " + command + " >/dev/null; done";
    Process shell =
        new ProcessBuilder(List.of("bash", "-c", script)).redirectErrorStream(true).start();
    String[] reported =
        new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .trim()
            .split(" ", -1);
    shell.waitFor();
    return 1000 * (Double.parseDouble(reported[0]) + Double.parseDouble(reported[1])) / 5;
  }

  private static double millis(OperatingSystemMXBean system, long since) {
    return (system.getProcessCpuTime() - since) / 1e6;
  }

  private static double median(double[] figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
