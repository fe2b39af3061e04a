package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.events.source.LiveGlimpse;
import io.portcurfew.observe.linux.events.source.OwnNamespace;
import io.portcurfew.observe.linux.events.source.ProcessGlimpse;
import io.portcurfew.observe.linux.events.source.SocketChange;
import io.portcurfew.observe.linux.owner.EventOwners;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.system.Daemon;
import io.portcurfew.tags.LiveHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Looks at openings of this very process. */
@LiveHost
class EventLookLiveTest {

  private static final Duration NOW = Duration.ofDays(1);

  private final EventLook look =
      new EventLook(
          new EventOwners(Path.of("/"), new ProcFs(Path.of("/"))),
          OwnNamespace.read(new ProcFs(Path.of("/"))),
          new UnlistedOpenings());

  private Owner ownerOf(int port) {
    return ownerOf(port, LiveGlimpse.of((int) ProcessHandle.current().pid()));
  }

  /** The owner of a listener that has closed. */
  private Owner ownerOf(int port, ProcessGlimpse process) {
    OpeningQueue queue = new OpeningQueue();
    for (boolean opened : new boolean[] {true, false}) {
      SocketChange change =
          new SocketChange(opened, port, Protocol.TCP, Address.ANY_IPV4, port, process.pid(), NOW);
      if (opened) {
        queue.add("perf", change, process);
      } else {
        queue.close(change);
      }
    }
    SeenOpening seen = look.at(queue.takeBefore(NOW).get(0), Map.of(), NOW, Instant.EPOCH);
    return Objects.requireNonNull(seen).sighting().listener().owners().get(0);
  }

  /** The kernel did not report the program of a process that is older than the agent. */
  @Test
  void programThatIsExecutedAfterTheEvent_isNotTheOwner() throws Exception {
    String script =
        """
        print(flush=True); sys.stdin.readline(); print(flush=True)
        os.execv('/usr/bin/sleep', ['sleep', '3600'])
        """;
    try (look;
        PythonProcess python = PythonProcess.run(script)) {
      ProcessGlimpse process = LiveGlimpse.of(python.pid());
      look.beginBatch();
      assertThat(ownerOf(611, process).details()).isNotEqualTo(OwnerDetails.NONE);
      python.proceed();
      ProcFs proc = new ProcFs(Path.of("/"));
      String link = "proc/" + python.pid() + "/exe";
      byte[] before = String.valueOf(process.path()).getBytes(StandardCharsets.ISO_8859_1);
      Daemon.until("it executes the other program", () -> !Arrays.equals(before, proc.link(link)));
      assertThat(proc.link(link)).isNotEqualTo(before);
      look.beginBatch();
      Owner owner = ownerOf(611, process);
      assertThat(owner.executable()).hasToString(process.path());
      assertThat(owner.details()).isEqualTo(OwnerDetails.NONE);
    }
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
