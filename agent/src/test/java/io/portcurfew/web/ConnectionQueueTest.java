package io.portcurfew.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.web.ConnectionQueue.ArrivalTurn;
import io.portcurfew.web.access.ClientNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionQueueTest {

  private static final ClientNetwork FLOOD = new ClientNetwork("flood");
  private static final ClientNetwork PROMETHEUS = new ClientNetwork("prometheus");

  private final ConnectionQueue<String> queue = new ConnectionQueue<>(Duration.ZERO);
  private Duration now = Duration.ZERO;

  private ArrivalTurn arrive(ClientNetwork network) {
    return queue.arrive(network, network.key(), now);
  }

  /** Connections of a network until one is refused. */
  private int flood(ClientNetwork network) {
    int taken = 0;
    while (arrive(network) != ArrivalTurn.NEVER) {
      taken++;
    }
    return taken;
  }

  /** The connections that begin in this time. */
  private List<String> begin(Duration time) {
    List<String> begun = new ArrayList<>();
    Duration end = now.plus(time);
    for (; now.compareTo(end) < 0; now = now.plusMillis(50)) {
      queue.next(now).ifPresent(begun::add);
    }
    return begun;
  }

  @Test
  void loginsNeverWait() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(arrive(PROMETHEUS)).isEqualTo(ArrivalTurn.NOW);
      queue.loggedIn(PROMETHEUS, now);
    }
  }

  @Test
  void connectionsWithoutALogin_beginSpaced() {
    int taken = flood(FLOOD);
    assertThat(taken).isGreaterThan(ConnectionQueue.BURST);
    List<String> begun = begin(Duration.ofSeconds(3));
    assertThat(begun).hasSizeBetween(11, 13);
    assertThat(arrive(FLOOD)).isEqualTo(ArrivalTurn.LATER);
  }

  @Test
  void dearConnections_beginFurtherApart() {
    flood(FLOOD);
    for (int i = 0; i < 100; i++) {
      queue.cost(Duration.ofMillis(15));
    }
    begin(Duration.ofSeconds(1));
    assertThat(begin(Duration.ofSeconds(10))).hasSizeBetween(19, 21);
    for (int i = 0; i < 100; i++) {
      queue.cost(Duration.ofMillis(2));
    }
    assertThat(begin(Duration.ofSeconds(10))).hasSizeBetween(39, 41);
  }

  @Test
  void oneDearConnection_delaysTheNextByASecondAtMost() {
    flood(FLOOD);
    queue.cost(Duration.ofMinutes(1));
    begin(Duration.ofSeconds(1));
    assertThat(begin(Duration.ofSeconds(10))).hasSizeBetween(9, 11);
    for (int i = 0; i < 30; i++) {
      queue.cost(Duration.ofMillis(2));
    }
    assertThat(begin(Duration.ofSeconds(10))).hasSizeBetween(39, 41);
  }

  @Test
  void aFloodOfManyNetworks_isBoundedToo() {
    int begun = 0;
    for (int i = 0; i < 60_000; i++) {
      now = now.plusMillis(1);
      begun += arrive(new ClientNetwork("bot" + i % 5_000)) == ArrivalTurn.NOW ? 1 : 0;
      begun += queue.next(now).isPresent() ? 1 : 0;
    }
    assertThat(begun).isBetween(240, 240 + ConnectionQueue.BURST);
  }

  @Test
  void newestOfANetwork_isNext() {
    flood(FLOOD);
    begin(ConnectionQueue.SPACE.multipliedBy(2));
    assertThat(queue.arrive(FLOOD, "scrape", now)).isEqualTo(ArrivalTurn.LATER);
    assertThat(begin(ConnectionQueue.SPACE)).startsWith("scrape");
  }

  @Test
  void anotherNetwork_isNextBesideAFlood() {
    flood(FLOOD);
    assertThat(arrive(PROMETHEUS)).isEqualTo(ArrivalTurn.LATER);
    assertThat(begin(ConnectionQueue.SPACE.multipliedBy(3))).contains("prometheus");
  }

  @Test
  void networkThatLoggedIn_isNextBesideABotnet() {
    queue.loggedIn(PROMETHEUS, now);
    for (int i = 0; i < 5_000; i++) {
      arrive(new ClientNetwork("bot" + i));
    }
    assertThat(arrive(PROMETHEUS)).isEqualTo(ArrivalTurn.LATER);
    assertThat(begin(ConnectionQueue.SPACE.multipliedBy(3))).contains("prometheus");
  }

  @Test
  void floodOfANetworkThatLoggedIn_leavesTurnsToOthers() {
    queue.loggedIn(FLOOD, now);
    flood(FLOOD);
    assertThat(arrive(PROMETHEUS)).isEqualTo(ArrivalTurn.LATER);
    assertThat(begin(ConnectionQueue.SPACE.multipliedBy(4))).contains("prometheus");
  }

  @Test
  void loginOfAnHourAgo_countsNoLonger() {
    queue.loggedIn(PROMETHEUS, now);
    now = now.plus(Duration.ofHours(1));
    for (int i = 0; i < 5_000; i++) {
      arrive(new ClientNetwork("bot" + i));
    }
    assertThat(arrive(PROMETHEUS)).isEqualTo(ArrivalTurn.NEVER);
  }
}
