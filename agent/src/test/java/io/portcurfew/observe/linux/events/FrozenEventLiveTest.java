package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.events.source.LiveSources;
import io.portcurfew.observe.linux.events.source.NamespaceEnds;
import io.portcurfew.observe.linux.events.source.SocketChange;
import io.portcurfew.observe.linux.kernel.HangingUsers;
import io.portcurfew.observe.linux.owner.FrozenProcess;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * User 65534 makes every read of a process hang that looks like any other. An event names this
 * process, as if it had called listen(2) a moment earlier.
 */
@Timeout(120)
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

  /** Announces one listener of the process. */
  private static final class OneEvent extends IdleSource {
    private final int pid;
    private boolean isDone;

    OneEvent(int pid) {
      this.pid = pid;
    }

    @Override
    public void drain(Consumer<SocketChange> sink) {
      if (!isDone) {
        Duration at = Ticker.SYSTEM.elapsed();
        sink.accept(new SocketChange(true, 1, Protocol.TCP, Address.ANY_IPV4, 611, pid, at));
        isDone = true;
      }
    }
  }

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
    try (PythonProcess other = PythonProcess.run(BRIEF);
        FrozenProcess frozen = FrozenProcess.withMemoryOfItsParent(folder)) {
      Requirement.that(frozen.hangs(), "a kernel whose reads wait for execve");
      HangingUsers users = new HangingUsers(Ticker.SYSTEM);
      LinuxEvents events =
          LinuxEvents.open(
              EventSettings.AUTO,
              (settings, before) -> LiveSources.ofPerfAnd(new OneEvent(frozen.pid())),
              Map::of,
              new NamespaceEnds(),
              new UnlistedOpenings(),
              users,
              Clock.systemUTC(),
              Path.of("/"));
      startReader(events);
      start(() -> events.watch(() -> startReader(events), () -> false));
      int port = Integer.parseInt(other.proceed());
      Sighting seen = null;
      while (seen == null) {
        seen =
            events.await(Duration.ofSeconds(1)).sightings().stream()
                .filter(one -> one.listener().endpoint().port() == port)
                .findFirst()
                .orElse(null);
      }
      assertThat(seen.brief()).isNotNull();
      assertThat(seen.listener().owners())
          .singleElement()
          .satisfies(owner -> assertThat(owner.pid()).isEqualTo(other.pid()));
      assertThat(users.words()).contains("the processes of uid 65534");
      assertThat(readers).hasValue(2);
      events.close();
    }
  }
}
