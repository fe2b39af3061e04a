package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.events.source.LiveGlimpse;
import io.portcurfew.observe.linux.events.source.ProcessGlimpse;
import io.portcurfew.observe.linux.events.source.SocketChange;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Looks at openings of this very process. */
@LiveHost
class EventLookLiveTest {

  private static final Duration NOW = Duration.ofDays(1);

  private final EventLook look = new EventLook(Path.of("/"));

  /** The owner of a listener that has closed. */
  private Owner ownerOf(int port) {
    OpeningQueue queue = new OpeningQueue();
    ProcessGlimpse process = LiveGlimpse.of((int) ProcessHandle.current().pid());
    for (boolean opened : new boolean[] {true, false}) {
      SocketChange change =
          new SocketChange(opened, port, Protocol.TCP, Address.ANY_IPV4, port, process.pid(), NOW);
      if (opened) {
        queue.add("perf", change, process);
      } else {
        queue.close(change);
      }
    }
    Sighting seen = look.at(queue.takeBefore(NOW).get(0), Map.of(), NOW, Instant.EPOCH);
    return Objects.requireNonNull(seen).listener().owners().get(0);
  }

  @Test
  void processOfManyOpenings_isReadOnceInABatch() {
    try (look) {
      look.beginBatch();
      Owner first = ownerOf(611);
      assertThat(first.pid()).isEqualTo(ProcessHandle.current().pid());
      assertThat(ownerOf(612)).isSameAs(first);
      look.beginBatch();
      assertThat(ownerOf(611)).isEqualTo(first).isNotSameAs(first);
    }
  }
}
