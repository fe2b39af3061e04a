package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Protocol;
import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Ticker;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real kernel announces sockets that have closed. */
@LiveHost
class DestroySourceLiveTest {

  private static final int PORT = 18_613;

  @BeforeEach
  void needs() {
    Requirement.program("python3");
  }

  private static void python(String script) throws Exception {
    String begin = "import socket\nloop = '127.0.0.1'\n";
    Tool.Result result = Tool.run("env", "/usr/bin/python3", "-c", begin + script);
    assertThat(result.output()).isEmpty();
  }

  /**
   * The kernel announces a closed socket a moment later, from a work queue, which may lag behind
   * for seconds on a busy machine.
   */
  private static List<SocketChange> drained(
      DestroySource source, Predicate<List<SocketChange>> enough) throws Exception {
    return drained(source, enough, 600);
  }

  private static List<SocketChange> drained(
      DestroySource source, Predicate<List<SocketChange>> enough, int tenths) throws Exception {
    List<SocketChange> all = new ArrayList<>();
    try (EventPoller poller = EventPoller.open()) {
      poller.use(source.descriptors());
      for (int i = 0; i < tenths && !enough.test(all); i++) {
        poller.await(Duration.ofMillis(100));
        source.drain(
            change -> {
              if (change.port() == PORT) {
                all.add(change);
              }
            });
      }
    }
    return all;
  }

  /** Waits until the ends of the sockets of the other tests have come, which would count here. */
  private static void untilQuiet() throws Exception {
    try (DestroySource source = DestroySource.open(null, true, true, Integer.MAX_VALUE)) {
      while (!drained(source, all -> !all.isEmpty(), 10).isEmpty()) {}
    }
  }

  @Test
  void udpSocketThatClosed_isReportedWithoutOwner() throws Exception {
    try (DestroySource source = DestroySource.open(false, true)) {
      python("s = socket.socket(type=socket.SOCK_DGRAM); s.bind((loop, %d))".formatted(PORT));
      assertThat(drained(source, all -> !all.isEmpty()))
          .singleElement()
          .satisfies(
              change -> {
                assertThat(change.protocol()).isEqualTo(Protocol.UDP);
                assertThat(change.address()).hasToString("127.0.0.1");
                assertThat(change.pid()).isZero();
              });
    }
  }

  @Test
  void tcpListenerThatClosed_isReported() throws Exception {
    try (DestroySource source = DestroySource.open(true, false)) {
      String reuse = "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1);";
      python("s = socket.socket(); %s s.bind((loop, %d)); s.listen()".formatted(reuse, PORT));
      assertThat(drained(source, all -> !all.isEmpty()))
          .extracting(SocketChange::protocol)
          .as("also those of the test before may come now")
          .contains(Protocol.TCP);
    }
  }

  /** A flood that is as fast as the reader must not keep it from the other sources. */
  @Test
  void floodOfEnds_doesNotMakeAReadingEndless() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    try (DestroySource source = DestroySource.open(false, true)) {
      for (int i = 0; i < 2; i++) {
        DaemonThreads.start("flood", () -> openUntil(ended));
      }
      AtomicInteger seen = new AtomicInteger();
      source.drain(
          change -> {
            LockSupport.parkNanos(100_000);
            ended.compareAndSet(false, seen.incrementAndGet() > 2 * DestroySource.MOST_MESSAGES);
          });
      assertThat(seen).hasValueLessThanOrEqualTo(DestroySource.MOST_MESSAGES);
    } finally {
      ended.set(true);
    }
  }

  private static void openUntil(AtomicBoolean ended) {
    while (!ended.get()) {
      try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
        assertThat(socket.isBound()).isTrue();
      } catch (SocketException refused) {
        return;
      }
    }
  }

  /** The filter keeps them in the kernel: nobody drowns the end of a listener in connections. */
  @Test
  void connections_areNotRead() throws Exception {
    String connections =
        """
        s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((loop, %d)); s.listen()
        for i in range(3000):
            c = socket.create_connection(s.getsockname()); a, _ = s.accept(); a.close(); c.close()
        """
            .formatted(PORT);
    untilQuiet();
    try (DestroySource source = DestroySource.open(null, true, true, 20)) {
      python(connections);
      assertThat(drained(source, all -> !all.isEmpty()))
          .extracting(SocketChange::port)
          .contains(PORT);
      assertThat(source.lost()).isZero();
      assertThat(source.limit()).isEmpty();
    }
  }

  @Test
  void flood_leavesTheTcpGroupsForAWhile() throws Exception {
    String listeners =
        """
        for i in range(%d):
            s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((loop, %d)); s.listen(); s.close()
        """;
    try (DestroySource source = DestroySource.open(null, true, true, 20)) {
      // Ends of UDP sockets of an earlier test may fill the socket meanwhile.
      for (int i = 0; i < 60 && source.limit().isEmpty(); i++) {
        python(listeners.formatted(300, PORT));
        drained(source, all -> !source.limit().isEmpty(), 10);
      }
      assertThat(source.limit()).startsWith("UDP only for now: more than 20 unconnected TCP");

      drained(source, all -> false, 5);
      Duration now = Ticker.SYSTEM.elapsed();
      source.joinAgain(now);
      assertThat(source.limit()).isNotEmpty();

      source.joinAgain(now.plus(DestroySource.FIRST_PAUSE));
      assertThat(source.limit()).isEmpty();
      python(listeners.formatted(1, PORT));
      assertThat(drained(source, all -> !all.isEmpty())).isNotEmpty();
    }
  }
}
