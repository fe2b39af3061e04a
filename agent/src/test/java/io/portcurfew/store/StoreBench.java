package io.portcurfew.store;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures the time of a start with a database of maximum size, which reads every row.
 *
 * <pre>
 * java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx192m -cp CLASSPATH io.portcurfew.store.StoreBench FOLDER
 * </pre>
 */
final class StoreBench {

  private static final int LISTENERS = 10_000;

  private StoreBench() {}

  /** Fills a new folder with listeners that come and go, and prints the time of three starts. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Path file = folder.resolve("portcurfew.db");
    try (StoreFixture saved = StoreFixture.in(folder)) {
      for (int round = 0; Files.size(file) < Maintenance.MOST_BYTES * 9 / 10; round++) {
        see(saved, listeners(round));
        see(saved, List.of());
      }
      for (int start = 0; start < 3; start++) {
        long began = System.nanoTime();
        saved.restart();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.out.printf("%d MiB: %.1f s%n", Files.size(file) >> 20, took.toMillis() / 1e3);
      }
    }
  }

  private static List<Listener> listeners(int round) {
    return IntStream.rangeClosed(1, LISTENERS).mapToObj(port -> listener(port, round)).toList();
  }

  private static Listener listener(int port, int round) {
    HostText program = HostText.of("/usr/lib/program-" + round % 7);
    Owner owner = new Owner(round + 2, null, program, HostText.of("root"), 0L);
    return new Listener(StoreFixture.finding(port).endpoint(), null, List.of(owner), "sock_diag");
  }

  private static void see(StoreFixture saved, List<Listener> listeners) {
    saved.pass(Duration.ofSeconds(1));
    saved.store.saveListeners(saved.snapshot(listeners));
  }
}
