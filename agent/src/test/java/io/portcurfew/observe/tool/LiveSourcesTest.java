package io.portcurfew.observe.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.RootOnly;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Live test: real sockets of this process, observed by the installed tools. */
@LiveHost
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class LiveSourcesTest {

  private static View look(String name) throws InterruptedException {
    ListenerSource source =
        NativeSources.forThisHost().stream()
            .filter(one -> one.name().equals(name))
            .findAny()
            .orElseThrow();
    boolean installed =
        Files.exists(Path.of("/usr/bin", name)) || Files.exists(Path.of("/bin", name));
    Requirement.that(installed, "the program " + name);
    return source.look();
  }

  private static Optional<Listener> find(View view, Protocol protocol, String address, int port) {
    Endpoint endpoint = new Endpoint(protocol, Address.parse(address).orElseThrow(), port);
    return view.listeners().stream().filter(one -> one.endpoint().equals(endpoint)).findAny();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ss", "lsof", "netstat"})
  void ownSocketsAppearWithPidAndDisappear(String name) throws Exception {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    int any;
    int local;
    int udp;
    try (ServerSocket everywhere = new ServerSocket(0);
        ServerSocket here = new ServerSocket(0, 5, loopback);
        DatagramSocket datagrams = new DatagramSocket(0, loopback);
        DatagramSocket connected = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
      connected.connect(datagrams.getLocalSocketAddress());
      any = everywhere.getLocalPort();
      local = here.getLocalPort();
      udp = datagrams.getLocalPort();
      View view = look(name);
      assertThat(find(view, Protocol.TCP, wildcard(view, any), any))
          .hasValueSatisfying(this::isOurs);
      assertThat(find(view, Protocol.TCP, "127.0.0.1", local)).hasValueSatisfying(this::isOurs);
      assertThat(find(view, Protocol.UDP, "127.0.0.1", udp)).hasValueSatisfying(this::isOurs);
      assertThat(find(view, Protocol.UDP, "127.0.0.1", connected.getLocalPort())).isEmpty();
      assertThat(view.gaps()).noneMatch(Gap::hidesListeners);
      assertThat(view.complete()).isEqualTo(!name.equals("lsof"));
    }
    List<Integer> ports =
        look(name).listeners().stream().map(one -> one.endpoint().port()).toList();
    assertThat(ports).doesNotContain(any, local, udp);
  }

  /** Returns the expected address. On a host without IPv6, Java listens on IPv4 only. */
  private static String wildcard(View view, int port) {
    return find(view, Protocol.TCP, "::", port).isPresent() ? "::" : "0.0.0.0";
  }

  private void isOurs(Listener listener) {
    int self = (int) ProcessHandle.current().pid();
    assertThat(listener.owners()).extracting(Owner::pid).contains(self);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ss", "lsof", "netstat"})
  void theToolsOfThisHostAreTrusted(String name) throws IOException {
    Optional<Path> tool =
        List.of("/usr/bin", "/bin").stream()
            .map(folder -> Path.of(folder, name))
            .filter(Files::exists)
            .findFirst();
    Requirement.that(tool.isPresent(), "the program " + name);
    assertThat(new RootOnly().objection(tool.orElseThrow())).isEmpty();
  }
}
