package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Redirect;
import io.portcurfew.observe.linux.events.source.SocketChange;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventReconcilerTest {

  private final EventReconciler reconciler = new EventReconciler();

  @BeforeEach
  void announcesTcp() {
    reconciler.announces(Protocol.TCP, "perf");
  }

  private static Duration second(int second) {
    return Duration.ofSeconds(second);
  }

  private static List<Listener> tcp(int... ports) {
    return listeners(Protocol.TCP, Endpoint.HOST, ports);
  }

  private static List<Listener> listeners(Protocol protocol, String namespace, int... ports) {
    return IntStream.of(ports)
        .mapToObj(port -> new Endpoint(protocol, Address.ANY_IPV4, port, namespace))
        .map(endpoint -> new Listener(endpoint, null, List.of(), "sock_diag"))
        .toList();
  }

  private void announce(int port, int second) {
    reconciler.announced(
        new SocketChange(true, 1, Protocol.TCP, Address.ANY_IPV4, port, 4711, second(second)));
  }

  @Test
  void earlierListener_isNotMissed() {
    assertThat(reconciler.scanned(tcp(22, 80), second(1))).isEmpty();
    assertThat(reconciler.scanned(tcp(22, 80), second(5))).isEmpty();
    assertThat(reconciler.lostOf("perf")).isZero();
  }

  @Test
  void announcedListener_isNotMissed() {
    reconciler.scanned(tcp(22), second(1));
    announce(611, 2);
    reconciler.scanned(tcp(22, 611), second(3));
    assertThat(reconciler.scanned(tcp(22, 611), second(9))).isEmpty();
  }

  @Test
  void eventAfterItsScan_isInTime() {
    reconciler.scanned(tcp(22), second(1));
    assertThat(reconciler.scanned(tcp(22, 611), second(3))).isEmpty();
    assertThat(reconciler.awaitsEvent()).isTrue();
    announce(611, 3);
    assertThat(reconciler.scanned(tcp(22, 611), second(9))).isEmpty();
    assertThat(reconciler.lostOf("perf")).isZero();
  }

  @Test
  void listenerThatNoEventAnnounced_isAGapOfTheSource() {
    reconciler.scanned(tcp(22), second(1));
    reconciler.scanned(tcp(22, 611), second(3));
    List<Gap> gaps = reconciler.scanned(tcp(22, 611), second(5));
    assertThat(gaps).extracting(Gap::source, Gap::what).containsExactly(gapOfPerf());
    assertThat(gaps).noneMatch(Gap::hidesListeners);
    assertThat(reconciler.lostOf("perf")).isEqualTo(1);
    assertThat(reconciler.scanned(tcp(22, 611), second(7))).isEmpty();
  }

  private static Tuple gapOfPerf() {
    return tuple("perf", Gap.What.EVENTS);
  }

  @Test
  void lossThatTheKernelCounted_isAGapUntilTheNextScan() {
    reconciler.scanned(tcp(22), second(1));
    reconciler.lost("perf", 17);
    assertThat(reconciler.scanned(tcp(22), second(2))).hasSize(1);
    assertThat(reconciler.scanned(tcp(22), second(3))).isEmpty();
    assertThat(reconciler.lostOf("perf")).isEqualTo(17);
  }

  @Test
  void namespaceThatAScanFindsLate_isNotMissed() {
    reconciler.scanned(tcp(22), second(1));
    List<Listener> more = listeners(Protocol.TCP, "web", 80);
    reconciler.scanned(more, second(2));
    assertThat(reconciler.scanned(more, second(9))).isEmpty();
  }

  @Test
  void protocolWithoutASource_isNotMissed() {
    reconciler.scanned(listeners(Protocol.UDP, Endpoint.HOST, 53), second(1));
    List<Listener> more = listeners(Protocol.UDP, Endpoint.HOST, 53, 611);
    reconciler.scanned(more, second(2));
    assertThat(reconciler.scanned(more, second(9))).isEmpty();
  }

  @Test
  void redirect_isNotMissed() {
    reconciler.scanned(tcp(22), second(1));
    List<Listener> more = Stream.concat(tcp(22).stream(), Stream.of(redirect(8080))).toList();
    reconciler.scanned(more, second(2));
    assertThat(reconciler.scanned(more, second(9))).isEmpty();
    assertThat(reconciler.lostOf("perf")).isZero();
  }

  private static List<Listener> udp(int... ports) {
    return listeners(Protocol.UDP, Endpoint.HOST, ports);
  }

  private void bind(int port, int second) {
    reconciler.announced(
        new SocketChange(true, 1, Protocol.UDP, Address.ANY_IPV4, port, 4711, second(second)));
  }

  private List<Integer> clients() {
    return reconciler.clients().stream().map(Endpoint::port).sorted().toList();
  }

  @Test
  void udpSocketThatNoEventAnnounced_isThatOfAClient() {
    reconciler.announces(Protocol.UDP, "bpf");
    reconciler.scanned(udp(53), second(1));
    bind(611, 2);
    reconciler.scanned(udp(53, 611, 40_000), second(3));
    assertThat(clients()).isEmpty();
    assertThat(reconciler.scanned(udp(53, 611, 40_000), second(5))).isEmpty();
    assertThat(clients()).containsExactly(40_000);
    bind(40_000, 6);
    assertThat(clients()).isEmpty();
  }

  @Test
  void clientThatClosed_isForgotten() {
    udpSocketThatNoEventAnnounced_isThatOfAClient();
    reconciler.scanned(udp(53, 40_001), second(7));
    reconciler.scanned(udp(53, 40_001), second(9));
    assertThat(clients()).containsExactly(40_001);
    reconciler.scanned(udp(53), second(11));
    assertThat(clients()).isEmpty();
  }

  @Test
  void lostEvents_leaveNoClientCertain() {
    reconciler.announces(Protocol.UDP, "bpf");
    reconciler.scanned(udp(53), second(1));
    reconciler.scanned(udp(53, 40_000), second(3));
    reconciler.lost("bpf", 1);
    reconciler.scanned(udp(53, 40_000), second(5));
    assertThat(clients()).isEmpty();
  }

  @Test
  void endOfAClient_isNotReported() {
    SocketChange closed =
        new SocketChange(false, 0, Protocol.UDP, Address.ANY_IPV4, 8080, 0, second(3));
    reconciler.scanned(udp(53), second(1));
    assertThat(reconciler.unseenFor(closed, Endpoint.HOST)).isEqualTo(second(2));
    reconciler.announces(Protocol.UDP, "bpf");
    reconciler.scanned(udp(53), second(1));
    assertThat(reconciler.unseenFor(closed, Endpoint.HOST)).isNull();
  }

  private static Listener redirect(int port) {
    Endpoint at = new Endpoint(Protocol.TCP, Address.ANY_IPV4, port, Endpoint.HOST);
    return Listener.redirect(at, List.of(), new Redirect("docker", null, null, false));
  }

  @Test
  void socketAtARedirect_isNotShownByIt() {
    reconciler.announces(Protocol.TCP, null);
    reconciler.scanned(List.of(redirect(8080)), second(1));
    SocketChange closed =
        new SocketChange(false, 0, Protocol.TCP, Address.ANY_IPV4, 8080, 0, second(3));
    assertThat(reconciler.unseenFor(closed, Endpoint.HOST)).isEqualTo(second(2));
  }

  @Test
  void endInAnotherNamespace_isNotThatOfTheHost() {
    reconciler.scanned(udp(53), second(1));
    SocketChange closed =
        new SocketChange(false, 0, Protocol.UDP, Address.ANY_IPV4, 53, 0, second(3));
    assertThat(reconciler.unseenFor(closed, Endpoint.HOST)).isNull();
    assertThat(reconciler.unseenFor(closed, "web")).isEqualTo(second(2));
    reconciler.scanned(udp(53), second(2));
    assertThat(reconciler.unseenFor(closed, "web"))
        .as("frequent scans read an idle namespace once in ten seconds")
        .isEqualTo(second(11));
  }

  @Test
  void anotherSource_beginsAnew() {
    reconciler.scanned(tcp(22), second(1));
    reconciler.announces(Protocol.TCP, "tracefs");
    reconciler.scanned(tcp(22, 611), second(2));
    assertThat(reconciler.scanned(tcp(22, 611), second(9))).isEmpty();
  }

  @Test
  void millionAnnouncements_doNotGrow_andAreNoLoss() {
    reconciler.scanned(tcp(22), second(1));
    announce(611, 1);
    for (int i = 0; i < 1_000_000; i++) {
      announce(1 + i % 65_000, 2);
    }
    reconciler.scanned(tcp(22, 611), second(3));
    assertThat(reconciler.scanned(tcp(22, 611), second(5))).isEmpty();
  }
}
