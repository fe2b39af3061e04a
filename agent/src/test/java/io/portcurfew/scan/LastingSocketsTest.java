package io.portcurfew.scan;

import static io.portcurfew.judge.SampleListeners.held;
import static io.portcurfew.judge.SampleListeners.partlySeen;
import static io.portcurfew.judge.SampleListeners.seen;
import static io.portcurfew.judge.SampleListeners.tcp;
import static io.portcurfew.judge.SampleListeners.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LastingSocketsTest {

  private static final Duration START = Duration.ofHours(5);

  private final LastingSockets sockets = new LastingSockets();
  private Set<Endpoint> clients = Set.of();

  private boolean isServer(Snapshot snapshot, Duration after) {
    return sockets.mark(snapshot, clients, START.plus(after)).listeners().stream()
        .anyMatch(one -> Boolean.TRUE.equals(one.server()));
  }

  @Test
  void socketThatStaysTenMinutesIsAServer() {
    Snapshot open = seen(held(udp("0.0.0.0", 40000)));
    assertThat(isServer(open, Duration.ZERO)).isFalse();
    assertThat(isServer(seen(held(udp("0.0.0.0", 40000))), Duration.ofSeconds(599))).isFalse();
    assertThat(isServer(open, Duration.ofMinutes(10))).isTrue();
  }

  @Test
  void socketThatClosesStartsAgain() {
    Snapshot open = seen(held(udp("0.0.0.0", 40000)));
    isServer(open, Duration.ZERO);
    isServer(seen(), Duration.ofMinutes(5));
    assertThat(isServer(open, Duration.ofMinutes(9))).isFalse();
    assertThat(isServer(open, Duration.ofMinutes(11))).isFalse();
    assertThat(isServer(open, Duration.ofMinutes(19))).isTrue();
  }

  @Test
  void socketThatWasNotSeenIsNotClosed() {
    isServer(seen(held(udp("0.0.0.0", 40000))), Duration.ZERO);
    isServer(partlySeen(), Duration.ofMinutes(5));
    assertThat(isServer(seen(held(udp("0.0.0.0", 40000))), Duration.ofMinutes(10))).isTrue();
  }

  @Test
  void otherListenersStayUnchanged() {
    Snapshot open = seen(held(udp("0.0.0.0", 53)), held(tcp("0.0.0.0", 40000)));
    sockets.mark(open, clients, START);
    assertThat(sockets.mark(open, clients, START.plusSeconds(6000))).isSameAs(open);
  }

  @Test
  void knownClient_isNoServerHoweverLongItIsOpen() {
    clients = Set.of(udp("0.0.0.0", 40000));
    Snapshot open = seen(held(udp("0.0.0.0", 40000)), held(udp("0.0.0.0", 20000)));
    Snapshot first = sockets.mark(open, clients, START);
    assertThat(first.listeners()).extracting(Listener::server).containsOnly(null, false);
    assertThat(isServer(open, Duration.ofMinutes(20))).isFalse();
    assertThat(sockets.mark(open, clients, START.plusSeconds(1210)).listeners())
        .isSameAs(sockets.mark(open, clients, START.plusSeconds(1220)).listeners());
    clients = Set.of();
    assertThat(isServer(open, Duration.ofMinutes(21))).isFalse();
    assertThat(isServer(open, Duration.ofMinutes(31))).isTrue();
  }

  @Test
  void unchangedSnapshotKeepsItsList() {
    Snapshot open = seen(held(udp("0.0.0.0", 40000)));
    sockets.mark(open, clients, START);
    List<Listener> first = sockets.mark(open, clients, START.plusSeconds(600)).listeners();
    assertThat(sockets.mark(open, clients, START.plusSeconds(610)).listeners()).isSameAs(first);
  }

  @Test
  void alertOfAnEarlierRunGoesOn() {
    sockets.resume(List.of(udp("0.0.0.0", 40000)), START);
    assertThat(isServer(seen(held(udp("0.0.0.0", 40000))), Duration.ZERO)).isTrue();
  }
}
