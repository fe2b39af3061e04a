package io.portcurfew.observe.oshi;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@LiveHost
class OshiSourceTest {

  private static final int OUR_PID = (int) ProcessHandle.current().pid();

  private static Optional<Listener> find(View view, Protocol protocol, String address, int port) {
    Endpoint wanted = new Endpoint(protocol, Address.parse(address).orElseThrow(), port);
    return view.listeners().stream().filter(l -> l.endpoint().equals(wanted)).findFirst();
  }

  @Test
  void tcpListener_isSeenWithItsOwnerUntilClosed() throws IOException {
    OshiSource source = new OshiSource();
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
      View view = source.look();
      assertThat(view.complete()).isTrue();
      Listener seen = find(view, Protocol.TCP, "127.0.0.1", port).orElseThrow();
      assertThat(seen.owners()).extracting(Owner::pid).containsExactly(OUR_PID);
      Owner owner = seen.owners().get(0);
      assertThat(String.valueOf(owner.executable())).endsWith("java");
      assertThat(String.valueOf(owner.user())).isEqualTo(System.getProperty("user.name"));
    }
    assertThat(find(source.look(), Protocol.TCP, "127.0.0.1", port)).isEmpty();
  }

  @Test
  void onlyUnconnectedUdpSocketsAreSeen() throws IOException {
    OshiSource source = new OshiSource();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (DatagramSocket server = new DatagramSocket(0, loopback);
        DatagramSocket client = new DatagramSocket(0, loopback)) {
      client.connect(server.getLocalSocketAddress());
      View view = source.look();
      assertThat(find(view, Protocol.UDP, "127.0.0.1", server.getLocalPort())).isPresent();
      assertThat(find(view, Protocol.UDP, "127.0.0.1", client.getLocalPort())).isEmpty();
    }
  }

  @Test
  void aConnectionIsNoListener() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      View view = new OshiSource().look();
      assertThat(find(view, Protocol.TCP, "127.0.0.1", client.getLocalPort())).isEmpty();
      assertThat(find(view, Protocol.TCP, "127.0.0.1", accepted.getLocalPort())).isPresent();
    }
  }

  @Test
  void aBoundTcpSocketIsNoListener() throws IOException {
    try (Socket bound = new Socket()) {
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      View view = new OshiSource().look();
      assertThat(find(view, Protocol.TCP, "127.0.0.1", bound.getLocalPort())).isEmpty();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void unreadableTables_makeTheViewIncomplete(@TempDir Path proc) throws IOException {
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(proc.resolve("net/tcp"), "  sl  local_address rem_address   st\n");
    View view = new OshiSource(OshiTables.ofLinux(proc)).look();
    assertThat(view.complete()).isFalse();
    assertThat(view.gaps())
        .filteredOn(Gap::hidesListeners)
        .extracting(Gap::why)
        .containsExactly("cannot read " + proc.resolve("net/udp"));
  }

  @Test
  void ipv6TablesAreReadOnlyWhereTheyExist(@TempDir Path proc) throws IOException {
    assertThat(OshiTables.ofLinux(proc).files()).hasSize(2);
    Files.createDirectories(proc.resolve("sys/net/ipv6"));
    assertThat(OshiTables.ofLinux(proc).files()).hasSize(4);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void tooManySockets_leaveOshiOut(@TempDir Path proc) throws IOException {
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(
        proc.resolve("net/sockstat"),
        "sockets: used 9\nTCP: inuse 5 orphan 0 tw 7 alloc 9 mem 3\nUDP: inuse 20 mem 1\n");
    Files.writeString(proc.resolve("net/sockstat6"), "TCP6: inuse 3\nUDP6: inuse 39000\n");
    assertThat(OshiTables.ofLinux(proc).rows()).isEqualTo(39_035);
    Files.writeString(proc.resolve("net/sockstat6"), "TCP6: inuse 3\nUDP6: inuse 600000\n");
    View view = new OshiSource(OshiTables.ofLinux(proc)).look();
    assertThat(view.complete()).isFalse();
    assertThat(view.gaps())
        .singleElement()
        .satisfies(gap -> assertThat(gap.why()).contains("more than 40000 sockets"));
  }
}
