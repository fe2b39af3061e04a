package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.events.source.NamespaceEnds;
import io.portcurfew.observe.linux.kernel.HangingUsers;
import io.portcurfew.observe.linux.owner.FrozenProcess;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** User 65534 makes every read of a process hang that called listen(2) a moment earlier. */
@Timeout(600)
@LiveHost
@EnabledOnOs(OS.LINUX)
class FrozenEventLiveTest {

  private static final String BRIEF =
      """
      print(flush=True); sys.stdin.readline()
      s = tcp(); port = s.getsockname()[1]; s.close()
      ready(port)
      """;

  @TempDir private Path folder;

  private final AtomicInteger readers = new AtomicInteger();

  private boolean startReader(LinuxEvents events) {
    readers.incrementAndGet();
    return start(events::read);
  }

  private static boolean start(Runnable work) {
    Thread thread = new Thread(work, "events");
    thread.setDaemon(true);
    thread.start();
    return true;
  }

  @Test
  void briefListenerOfAnother_isReportedWithItsOwner() throws Exception {
    Requirement.root();
    HangingUsers users = new HangingUsers(Ticker.SYSTEM);
    LinuxEvents events =
        LinuxEvents.open(
            EventSettings.AUTO,
            Map::of,
            new NamespaceEnds(),
            new UnlistedOpenings(),
            users,
            Clock.systemUTC());
    events.replaceWith(() -> startReader(events), () -> false);
    startReader(events);
    try (PythonProcess other = PythonProcess.run(BRIEF);
        FrozenProcess frozen = FrozenProcess.afterListen(folder)) {
      Requirement.that(frozen.hangs(), "a kernel whose reads wait for execve");
      int port = Integer.parseInt(other.proceed());
      List<Sighting> seen = new ArrayList<>();
      List<Integer> ports = List.of(port, frozen.port());
      while (!seen.stream().map(FrozenEventLiveTest::port).toList().containsAll(ports)) {
        seen.addAll(events.await(Duration.ofSeconds(1)).sightings());
      }
      assertThat(seen).filteredOn(one -> port(one) == frozen.port()).hasSize(1);
      assertThat(seen)
          .filteredOn(one -> port(one) == port)
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.brief()).isNotNull();
                assertThat(one.listener().owners())
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.pid()).isEqualTo(other.pid()));
              });
      assertThat(users.words()).contains("the processes of uid 65534");
      assertThat(readers).hasValue(2);
    } finally {
      events.close();
    }
  }

  private static int port(Sighting sighting) {
    return sighting.listener().endpoint().port();
  }
}
