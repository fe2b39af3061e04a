package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.observe.linux.events.source.NamespaceEnds;
import io.portcurfew.observe.linux.events.source.OpenSources;
import io.portcurfew.observe.linux.events.source.SocketChange;
import io.portcurfew.observe.linux.kernel.HangingUsers;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class EventReaderTest {

  /** A source with a bug. */
  private static final class FailingSource extends IdleSource {
    private boolean hasFailed;

    @Override
    public void drain(Consumer<SocketChange> sink) {
      hasFailed = true;
      throw new IllegalStateException("a bug");
    }
  }

  @Test
  void readerThatFails_readsNoSourceAnyMore() throws Exception {
    FailingSource failing = new FailingSource();
    LinuxEvents events =
        LinuxEvents.open(
            EventSettings.AUTO,
            (settings, before) -> OpenSources.of(failing),
            Map::of,
            new NamespaceEnds(),
            new UnlistedOpenings(),
            new HangingUsers(Ticker.SYSTEM),
            Clock.systemUTC(),
            Path.of("/"));
    assertThat(events.reports()).extracting(EventSourceReport::up).containsExactly(true);
    events.use(EventSettings.AUTO);
    assertThatThrownBy(events::read).hasMessage("a bug");
    assertThat(failing.hasFailed).isTrue();
    assertThat(events.reports()).isEmpty();
    events.use(EventSettings.OFF);
    events.close();
  }
}
