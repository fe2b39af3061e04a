package io.portcurfew.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenerTurnsTest {

  private static Listener listener(String namespace, int port, int uid) {
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, port, namespace);
    Owner owner = new Owner(port, HostText.of("p"), null, HostText.of("u" + uid), (long) uid);
    return new Listener(endpoint, null, List.of(owner), "ss");
  }

  @Test
  void usersTakeTurnsAndTheHostComesFirst() {
    List<Listener> all = new ArrayList<>();
    for (int port = 1; port <= 1000; port++) {
      all.add(listener("host", port, 1000));
    }
    all.add(listener("web", 1, 33));
    all.add(listener("host", 5432, 26));
    all.add(listener("host", 8080, 0));
    assertThat(ListenerTurns.of(all).stream().limit(4).map(one -> one.endpoint().port()))
        .containsExactly(1, 5432, 8080, 2);
    assertThat(ListenerTurns.of(all)).hasSize(all.size()).last().isEqualTo(all.get(1000));
  }
}
