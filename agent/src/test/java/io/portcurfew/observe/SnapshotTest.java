package io.portcurfew.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotTest {

  private static Listener at(int port) {
    Address any = Address.parse("0.0.0.0").orElseThrow();
    return new Listener(new Endpoint(Protocol.TCP, any, port), null, List.of(), "ss");
  }

  private static Snapshot of(List<Listener> listeners) {
    return new Snapshot(
        HostText.of("web-1"),
        Instant.EPOCH,
        true,
        listeners,
        List.of(),
        List.of(),
        List.of(),
        new PortRange(32_768, 60_999));
  }

  @Test
  void sortedList_staysTheSameObject() {
    List<Listener> sorted = List.of(at(22), at(611));
    assertThat(of(sorted).listeners()).isSameAs(sorted);
    assertThat(of(sorted).listeners()).isSameAs(sorted);
  }

  @Test
  void listThatWasChangedSinceItWasInOrder_isSorted() {
    List<Listener> changing = new ArrayList<>(List.of(at(22), at(611)));
    Snapshot before = of(changing);
    Collections.reverse(changing);
    assertThat(of(changing).listeners()).containsExactly(at(22), at(611));
    assertThat(before.listeners()).containsExactly(at(22), at(611));
  }
}
