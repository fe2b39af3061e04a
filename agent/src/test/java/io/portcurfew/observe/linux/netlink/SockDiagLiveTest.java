package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@LiveHost
@EnabledOnOs(OS.LINUX)
class SockDiagLiveTest {

  private static List<KernelSocket> all(SockDiag diag, Transport transport) throws KernelException {
    List<KernelSocket> all = new ArrayList<>();
    for (boolean ipv6 : new boolean[] {false, true}) {
      DiagQueries.Dump dump = diag.dump(transport, ipv6, 20_000);
      assertThat(dump.torn()).isFalse();
      all.addAll(dump.rows());
    }
    return all;
  }

  @Test
  void openListener_isSeenUntilItCloses() throws Exception {
    try (SockDiag diag = SockDiag.open()) {
      KernelSocket seen;
      try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        seen = at(all(diag, Transport.TCP), server.getLocalPort());
        assertThat(diag.find(seen, true))
            .satisfies(found -> assertThat(found.isStill(seen)).isTrue());
      }
      assertThat(diag.find(seen, true)).isNull();
      assertThat(all(diag, Transport.TCP)).noneMatch(seen::isStill);
    }
  }

  @Test
  void onePassOfTcp_listsTheSameAsTwo() throws Exception {
    String script =
        """
        a = socket.create_server(("127.0.0.1", 0))
        b = socket.create_server(("::1", 0), family=socket.AF_INET6)
        ready(a.getsockname()[1], b.getsockname()[1])
        """;
    try (PythonProcess python = PythonProcess.run(script);
        SockDiag diag = SockDiag.open()) {
      DiagQueries.FamilyDumps both = diag.dumpTcp(20_000);
      assertThat(diag.listsTcpInOnePass()).isTrue();
      for (boolean overIpv6 : new boolean[] {false, true}) {
        int port = python.word(overIpv6 ? 1 : 0);
        KernelSocket alone = at(diag.dump(Transport.TCP, overIpv6, 20_000).rows(), port);
        assertThat(at(both.of(overIpv6).rows(), port)).isEqualTo(alone);
        assertThat(alone.ipv6()).isEqualTo(overIpv6);
      }
      assertThat(diag.dumpTcp(20_000).torn()).isFalse();
    }
  }

  @Test
  void udpSocket_isFoundUntilConnectedOrClosed() throws Exception {
    try (SockDiag diag = SockDiag.open()) {
      KernelSocket seen;
      try (DatagramSocket udp =
          new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
        seen = at(all(diag, Transport.UDP), udp.getLocalPort());
        assertThat(diag.find(seen, true))
            .satisfies(found -> assertThat(found.isStill(seen)).isTrue());
        udp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9));
        assertThat(diag.find(seen, true)).as("a client by now").isNull();
        assertThat(all(diag, Transport.UDP)).noneMatch(seen::isStill);
      }
      assertThat(diag.find(seen, false)).isNull();
    }
  }

  @Test
  void anotherSocketAtTheSameEndpoint_isDifferent() throws Exception {
    try (SockDiag diag = SockDiag.open()) {
      KernelSocket first;
      int port;
      try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = server.getLocalPort();
        first = at(all(diag, Transport.TCP), port);
      }
      try (ServerSocket again = new ServerSocket()) {
        again.setReuseAddress(true);
        again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        assertThat(diag.find(first, true)).isNull();
        assertThat(diag.find(first, false)).isNotNull();
      }
    }
  }

  @Test
  void anotherUdpSocketAtTheSameEndpoint_isDifferent() throws Exception {
    InetSocketAddress place;
    try (SockDiag diag = SockDiag.open()) {
      KernelSocket first;
      try (DatagramSocket udp =
          new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
        place = (InetSocketAddress) udp.getLocalSocketAddress();
        first = at(all(diag, Transport.UDP), udp.getLocalPort());
      }
      try (DatagramSocket again = new DatagramSocket(place)) {
        assertThat(again.isBound()).isTrue();
        assertThat(diag.find(first, true)).isNull();
        assertThat(diag.find(first, false)).isNotNull();
      }
    }
  }

  @Test
  void mptcpListener_isShownOnceWithItsInode() throws Exception {
    Path enabled = Path.of("/proc/sys/net/mptcp/enabled");
    Requirement.that(
        Files.exists(enabled) && Files.readString(enabled).startsWith("1"), "MPTCP (Linux 5.6)");
    // IPPROTO_MPTCP of linux/in.h.
    String script =
        """
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
        s.bind(('127.0.0.1', 0)); s.listen(3)
        client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
        client.connect(s.getsockname()); accepted = s.accept()
        ready(s.getsockname()[1], os.fstat(s.fileno()).st_ino)
        """;
    try (PythonProcess python = PythonProcess.run(script);
        SockDiag diag = SockDiag.open()) {
      KernelSocket seen = at(all(diag, Transport.TCP), python.word(0));
      assertThat(seen.inode()).isEqualTo(python.word(1));
    }
  }

  @Test
  void missingTransport_isDistinguished() {
    try (SockDiag diag = SockDiag.open()) {
      all(diag, Transport.SCTP);
    } catch (KernelException refusal) {
      assertThat(SockDiag.isUnsupported(refusal)).as(refusal.getMessage()).isTrue();
    }
  }

  @Test
  void anInterfaceHasItsName() throws Exception {
    try (SockDiag diag = SockDiag.open()) {
      assertThat(diag.interfaceName(1)).isEqualTo("lo");
      assertThat(diag.interfaceName(1 << 30)).isNull();
    }
  }

  private static KernelSocket at(List<KernelSocket> sockets, int port) {
    assertThat(sockets).filteredOn(socket -> socket.port() == port).hasSize(1);
    return sockets.stream().filter(socket -> socket.port() == port).findFirst().orElseThrow();
  }
}
