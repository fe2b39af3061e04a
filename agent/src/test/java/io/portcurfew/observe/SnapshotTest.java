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
    return PlainSnapshots.of(Instant.EPOCH, true, listeners);
  }

  @Test
  void orderedList_staysTheSameObject() {
    List<Listener> ordered = OrderedListeners.of(List.of(at(22), at(611)));
    View view = new View("ss", true, ordered, List.of());
    assertThat(view.listeners()).isSameAs(ordered);
    Snapshot snapshot = PlainSnapshots.of(Instant.EPOCH, view);
    assertThat(snapshot.listeners()).isSameAs(ordered);
    assertThat(snapshot.withGaps(List.of(new Gap("ss", Gap.What.ROW, "a row"))).listeners())
        .isSameAs(ordered);
  }

  @Test
  void listThatChangesLater_isCopiedInOrder() {
    List<Listener> changing = new ArrayList<>(List.of(at(611), at(22)));
    Snapshot before = of(changing);
    changing.set(0, at(8080));
    Collections.reverse(changing);
    assertThat(before.listeners()).containsExactly(at(22), at(611));
    assertThat(of(changing).listeners()).containsExactly(at(22), at(8080));
  }
}
