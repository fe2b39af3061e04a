package io.portcurfew.observe.linux.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.linux.InNamespace;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.sweep.Sweep;
import io.portcurfew.observe.sweep.SweepResult;
import io.portcurfew.process.Ticker;
import io.portcurfew.tags.LiveHost;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Sweeps a network namespace that holds only the sockets of the test. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class BindSweepLiveTest {

  private static final int ALL = 4 * 65535;
  private static final Sweep.Pause NONE =
      () -> {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      };
  private static final Snapshot NOTHING_SEEN = PlainSnapshots.of(Instant.EPOCH);

  private InNamespace namespace;

  @BeforeEach
  void make() throws Exception {
    namespace = new InNamespace("sweep");
  }

  @AfterEach
  void remove() throws Exception {
    if (namespace != null) {
      namespace.remove();
    }
  }

  /** A sock_diag that hides one port. */
  private record Blind(SockDiag diag, Transport transport, int hidden) implements BoundSockets {

    @Override
    public OccupiedPorts look(int port) throws KernelException {
      OccupiedPorts held = new OccupiedPorts();
      for (WildcardAddress where : WildcardAddress.values()) {
        diag.dumpEveryState(
            where.transport(), where.ipv6(), port, row -> addUnlessHidden(row, held));
      }
      return held;
    }

    private void addUnlessHidden(KernelSocket row, OccupiedPorts held) {
      if (row.transport() != transport || row.port() != hidden) {
        held.add(row);
      }
    }

    @Override
    public boolean showsBoundInactive() {
      return true;
    }
  }

  private SweepResult sweep() throws Exception {
    return namespace.inside(() -> BindSweep.run(NOTHING_SEEN, NONE));
  }

  private SweepResult sweepWithout(Transport transport, int port) throws Exception {
    return namespace.inside(
        () -> {
          try (SockDiag diag = SockDiag.open()) {
            Blind blind = new Blind(diag, transport, port);
            return BindSweep.run(List.of(), new OwnSockets(), blind, NONE, Ticker.SYSTEM);
          }
        });
  }

  /** Every TCP and UDP socket, by cookie. */
  private Set<Object> sockets() throws Exception {
    return namespace.inside(
        () -> {
          Set<Object> keys = new HashSet<>();
          try (SockDiag diag = SockDiag.open()) {
            for (WildcardAddress where : WildcardAddress.values()) {
              diag.dumpEveryState(where.transport(), where.ipv6(), 0, row -> keys.add(row.key()));
            }
          }
          return keys;
        });
  }

  @Test
  void sweepTriesAllPortsAndLeavesNoneBound() throws Exception {
    assertThat(sockets()).isEmpty();
    SweepResult swept = sweep();
    assertThat(swept.tried()).isEqualTo(ALL);
    assertThat(swept.unexplained()).isEmpty();
    assertThat(swept.gaps()).isEmpty();
    assertThat(sockets()).isEmpty();
  }

  @Test
  void socketsInAnyStateExplainTheirPorts() throws Exception {
    String script =
        """
        keep = []
        def bound(kind, family, address, port):
            s = socket.socket(family, kind)
            s.bind((address, port))
            keep.append(s)
            return s
        V4, V6, TCP, UDP = socket.AF_INET, socket.AF_INET6, socket.SOCK_STREAM, socket.SOCK_DGRAM
        bound(TCP, V4, '127.0.0.1', 1001)            # bound and not listening
        bound(TCP, V6, '::', 1002)
        bound(TCP, V4, '0.0.0.0', 1003).listen()     # listeners
        bound(TCP, V6, '::', 1004).listen()
        bound(TCP, V6, '::1', 1005).listen()
        bound(TCP, V6, '::ffff:127.0.0.1', 1006).listen()
        bound(UDP, V6, '::1', 1007)
        for family, host, port in ((V4, '127.0.0.1', 1010), (V6, '::1', 1020)):
            server = bound(TCP, family, host, port)
            server.listen()
            client = bound(TCP, family, host, port + 1)   # connected by hand, without SO_REUSEADDR
            client.connect((host, port))
            keep.append(server.accept()[0])
            passing = bound(TCP, family, host, port + 2)  # ends in TIME_WAIT
            passing.connect((host, port))
            other = server.accept()[0]
            keep.remove(passing)
            passing.shutdown(socket.SHUT_RDWR)
            other.close()
            passing.close()
            udp = bound(UDP, family, host, port + 3)      # connected
            udp.connect((host, 9))
            half = bound(TCP, family, host, port + 4)     # refused: closed, and keeps its port
            try:
                half.connect((host, 9))
            except ConnectionRefusedError:
                pass
        ready(1)
        """;
    try (PythonProcess python = namespace.python(script)) {
      assertThat(python.pid()).isPositive();
      Set<Object> before = sockets();
      assertThat(before).hasSizeGreaterThan(15);
      SweepResult swept = sweep();
      assertThat(swept.unexplained()).isEmpty();
      assertThat(swept.gaps()).isEmpty();
      assertThat(swept.tried()).isBetween(ALL - 30, ALL - 15);
      assertThat(sockets()).isEqualTo(before);
    }
  }

  @Test
  void aHiddenTcpListenerIsUnexplained() throws Exception {
    try (PythonProcess python = namespace.python("s = tcp('127.0.0.1', 31337); ready(1)")) {
      assertThat(python.pid()).isPositive();
      assertThat(sweepWithout(Transport.TCP, 31337).unexplained())
          .extracting(Endpoint::toString)
          .containsExactly("tcp 0.0.0.0:31337");
      assertThat(sweep().unexplained()).isEmpty();
    }
  }

  @Test
  void hiddenDualStackListener_isUnexplainedInBothFamilies() throws Exception {
    String script = "s = tcp('::', 31337, socket.AF_INET6); ready(1)";
    try (PythonProcess python = namespace.python(script)) {
      assertThat(python.pid()).isPositive();
      assertThat(sweepWithout(Transport.TCP, 31337).unexplained())
          .extracting(Endpoint::toString)
          .containsExactly("tcp 0.0.0.0:31337", "tcp [::]:31337");
    }
  }

  @Test
  void hiddenUdpSocket_isUnexplainedOnASharedPort() throws Exception {
    String script =
        """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(('0.0.0.0', 31337))
        ready(1)
        """;
    try (PythonProcess python = namespace.python(script)) {
      assertThat(python.pid()).isPositive();
      assertThat(sweepWithout(Transport.UDP, 31337).unexplained())
          .extracting(Endpoint::toString)
          .containsExactly("udp 0.0.0.0:31337");
    }
  }

  @Test
  void lowPortsWithoutTheCapabilityAreAGap() throws Exception {
    SweepResult swept = namespace.insideWithoutRights(() -> BindSweep.run(NOTHING_SEEN, NONE));
    assertThat(swept.tried()).isEqualTo(ALL - 4 * 1023);
    assertThat(swept.unexplained()).isEmpty();
    assertThat(swept.gaps())
        .singleElement()
        .extracting(Gap::why)
        .asString()
        .startsWith("4092 ports could not be tried");
  }

  @Test
  void anInterruptEndsTheSweep() throws Exception {
    CountDownLatch resting = new CountDownLatch(1);
    Sweep.Pause forEver =
        () -> {
          resting.countDown();
          new CountDownLatch(1).await();
        };
    FutureTask<SweepResult> task = namespace.task(() -> BindSweep.run(NOTHING_SEEN, forEver));
    Thread thread = new Thread(task, "sweep");
    thread.start();
    resting.await();
    thread.interrupt();
    assertThatThrownBy(task::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(sockets()).isEmpty();
  }

  @Test
  void boundInactiveSocketsAreShownSinceLinux68() throws Exception {
    boolean shows =
        namespace.inside(
            () -> {
              try (DiagSockets sockets = DiagSockets.open()) {
                return sockets.showsBoundInactive();
              }
            });
    String[] release = System.getProperty("os.version").split("[.-]", 3);
    int version = Integer.parseInt(release[0]) * 1000 + Integer.parseInt(release[1]);
    assertThat(shows).isEqualTo(version >= 6008);
    assertThat(sockets()).isEmpty();
  }
}
