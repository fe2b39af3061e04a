package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import io.portcurfew.tags.LiveHost;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real kernel reports UDP sockets as they are bound. */
@LiveHost
class BpfSourceLiveTest {

  /** Ports of its own: the events of the whole machine are shown. */
  private static final int PORT = 18_617;

  private static final int CLIENT = 18_618;

  @BeforeEach
  void needs() {
    Requirement.root();
    Requirement.program("python3");
  }

  private static BpfSource open() {
    try {
      return BpfSource.open();
    } catch (KernelException refused) {
      Requirement.that(false, "BPF programs of control groups (" + refused.getMessage() + ")");
      throw new IllegalStateException(refused);
    }
  }

  private static String python(String script) throws Exception {
    String begin = "import os, socket\nloop = '127.0.0.1'\nUDP = socket.SOCK_DGRAM\n";
    Tool.Result result = Tool.run("env", "/usr/bin/python3", "-c", begin + script);
    assertThat(result.status()).as(result.output()).isZero();
    return result.output().strip();
  }

  private static List<SocketChange> drained(BpfSource source) {
    List<SocketChange> all = new ArrayList<>();
    source.drain(all::add);
    all.removeIf(change -> change.port() != PORT);
    return all;
  }

  @Test
  void udpSocketThatWasBound_isReportedWithItsProcess() throws Exception {
    try (BpfSource source = open()) {
      Duration before = Duration.ofNanos(System.nanoTime());
      int pid =
          Integer.parseInt(
              python(
                  "s = socket.socket(type=UDP); s.bind((loop, %d)); print(os.getpid())"
                      .formatted(PORT)));
      boolean sees = Boolean.TRUE.equals(new ProcFs(Path.of("/")).isOfFirstPidNamespace());
      assertThat(drained(source))
          .singleElement()
          .satisfies(
              change -> {
                assertThat(change.opened()).isTrue();
                assertThat(change.protocol()).isEqualTo(Protocol.UDP);
                assertThat(change.address()).hasToString("127.0.0.1");
                assertThat(change.pid()).isEqualTo(sees ? pid : 0);
                assertThat(change.uid()).isZero();
                assertThat(change.at()).isBetween(before, Duration.ofNanos(System.nanoTime()));
                assertThat(change.socket()).isNotZero();
                OwnNamespace own = OwnNamespace.read(new ProcFs(Path.of("/")));
                assertThat(own.of(change, 7L)).isEqualTo(own.inode());
              });
      assertThat(source.limit().isEmpty()).isEqualTo(sees);
    }
  }

  @Test
  void socketOverIpv6_hasItsWholeAddress() throws Exception {
    try (BpfSource source = open()) {
      python("s = socket.socket(socket.AF_INET6, UDP); s.bind(('::1', %d))".formatted(PORT));
      assertThat(drained(source))
          .extracting(change -> change.address().toString())
          .containsExactly("::1");
    }
  }

  @Test
  void endOfTheSocket_hasTheSameNumber() throws Exception {
    try (BpfSource source = open();
        DestroySource ends = DestroySource.open(false, true);
        EventPoller poller = EventPoller.open()) {
      python("s = socket.socket(type=UDP); s.bind((loop, %d))".formatted(PORT));
      List<SocketChange> bound = drained(source);
      assertThat(bound).hasSize(1);
      // The ends of sockets that closed before may come now.
      List<Long> ended = new ArrayList<>();
      poller.use(ends.descriptors());
      Daemon.until(
          "its end comes",
          () -> {
            poller.await(Duration.ofMillis(100));
            ends.drain(change -> ended.add(change.socket()));
            return ended.contains(bound.get(0).socket());
          });
    }
  }

  @Test
  void portThatTheKernelChooses_isNoEvent() throws Exception {
    String client =
        """
        server = socket.socket(type=UDP); server.bind((loop, %d))
        s = socket.socket(type=UDP); s.sendto(b'x', (loop, %d)); print(s.getsockname()[1])
        """
            .formatted(CLIENT, CLIENT);
    try (BpfSource source = open()) {
      int port = Integer.parseInt(python(client));
      List<SocketChange> all = new ArrayList<>();
      source.drain(all::add);
      assertThat(all).extracting(SocketChange::port).contains(CLIENT).doesNotContain(port);
    }
  }

  @Test
  void tcp_isLeftToOtherSources() throws Exception {
    try (BpfSource source = open()) {
      python("s = socket.socket(); s.bind((loop, %d))".formatted(PORT));
      assertThat(drained(source)).isEmpty();
    }
  }

  /** A flood that is as fast as the reader must not keep it from the other sources. */
  @Test
  void socketsThatAreBoundDuringAReading_areLeftToTheNext() {
    try (BpfSource source = open()) {
      bindOne();
      List<SocketChange> all = new ArrayList<>();
      source.drain(
          change -> {
            all.add(change);
            if (all.size() < 300) {
              bindOne();
            }
          });
      assertThat(all).isNotEmpty().hasSizeLessThan(100);
    }
  }

  private static void bindOne() {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      assertThat(socket.isBound()).isTrue();
    } catch (SocketException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  @Test
  void lossOfAFlood_isTheExactNumber() throws Exception {
    String flood =
        """
        for i in range(6000):
            s = socket.socket(type=UDP); s.bind((loop, %d)); s.close()
        """
            .formatted(PORT);
    try (BpfSource source = open()) {
      python(flood);
      List<SocketChange> all = new ArrayList<>();
      source.drain(all::add);
      long others = all.stream().filter(change -> change.port() != PORT).count();
      assertThat(source.lost()).isPositive();
      assertThat(all.size() + source.lost()).isBetween(6000L, 6000L + others + 100);
    }
  }

  /** A control group takes 64 programs of a kind, so one that stays would be refused here. */
  @Test
  void closedSource_leavesNoProgramBehind() {
    for (int i = 0; i < 100; i++) {
      BpfSource source = open();
      assertThat(source.lost()).isZero();
      source.close();
    }
  }
}
