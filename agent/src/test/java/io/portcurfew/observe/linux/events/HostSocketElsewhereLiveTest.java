package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.process.Ticker;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process listens from a network namespace of its own, perhaps at a socket of the host. */
@EnabledOnOs(OS.LINUX)
@LiveHost
@Timeout(600)
class HostSocketElsewhereLiveTest {

  private static final int PORT = 18_677;
  private static final int LATER = 18_678;

  /** CLONE_NEWNET, and CLONE_NEWUSER | CLONE_NEWNET of linux/sched.h. */
  private static final String AS_ROOT = "assert not libc.unshare(0x40000000)\n";

  private static final String AS_USER = "assert not libc.unshare(0x50000000)\n";

  private static final String BIND = "s = socket.socket(); s.bind(('0.0.0.0', 18677))\n";
  private static final String LISTEN = "print(flush=True); sys.stdin.readline(); s.listen()\n";
  private static final String BRIEF = LISTEN + "s.close(); ready()";
  private static final String UNTIL_TOLD =
      LISTEN + "print('listens', flush=True); sys.stdin.readline(); s.close(); ready()";

  private final List<EventBatch> batches = new ArrayList<>();

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  /** The steps of a test while events are read. */
  private interface EventScene {
    void run(LinuxEvents events) throws Exception;
  }

  private static void withEvents(EventScene scene) throws Exception {
    try (LinuxSource source = LinuxSource.ofHost()) {
      LinuxEvents events =
          LinuxEvents.open(
              new EventSettings(true, false),
              source::namespaceNames,
              source.ends(),
              source.unlistedOpenings(),
              source.hangingUsers(),
              Clock.systemUTC());
      Thread reader = new Thread(events::read, "reader");
      reader.setDaemon(true);
      reader.start();
      try (events) {
        scene.run(events);
      } finally {
        events.closeLooks();
      }
    }
  }

  private void until(LinuxEvents events, Predicate<EventBatch> wanted) throws InterruptedException {
    Duration end = Ticker.SYSTEM.elapsed().plus(Daemon.PATIENCE);
    EventBatch batch = EventBatch.NONE;
    while (!wanted.test(batch) && Ticker.SYSTEM.elapsed().compareTo(end) < 0) {
      batch = events.await(Duration.ofMillis(100));
      batches.add(batch);
    }
    assertThat(batch).matches(wanted);
  }

  private static boolean hasPort(EventBatch batch, int port) {
    return batch.sightings().stream().anyMatch(one -> one.listener().endpoint().port() == port);
  }

  private List<Sighting> onHost() {
    return batches.stream()
        .flatMap(batch -> batch.sightings().stream())
        .filter(one -> one.listener().endpoint().port() == PORT)
        .filter(one -> one.listener().endpoint().namespace().equals(Endpoint.HOST))
        .toList();
  }

  /** The sightings on the host once a listener has opened and closed at once. */
  private List<Sighting> afterBrief(String script) throws Exception {
    withEvents(
        events -> {
          try (PythonProcess python = PythonProcess.run(script + BRIEF)) {
            python.send("");
            until(events, batch -> hasPort(batch, PORT));
          }
        });
    return onHost();
  }

  @Test
  void briefSocketOfTheHost_isOneInDoubt() throws Exception {
    assertThat(afterBrief(BIND + AS_USER))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.orElse()).startsWith("net:[");
              assertThat(one.brief()).isNotNull();
              assertThat(one.listener().owners()).hasSize(1);
            });
  }

  /** The kernel reports the same of it. */
  @Test
  void briefSocketOfTheOtherNamespace_isOneInDoubt() throws Exception {
    assertThat(afterBrief(AS_USER + BIND)).extracting(Sighting::orElse).doesNotContainNull();
  }

  @Test
  void briefSocketOfAProcessThatRootMoved_isThatOfItsNamespace() throws Exception {
    assertThat(afterBrief(AS_ROOT + BIND)).isEmpty();
  }

  @Test
  void openSocketOfTheHost_isOneOfTheHost() throws Exception {
    withEvents(
        events -> {
          try (PythonProcess python = PythonProcess.run(BIND + AS_USER + UNTIL_TOLD)) {
            python.send("");
            until(events, batch -> hasPort(batch, PORT));
          }
        });
    assertThat(onHost())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.orElse()).isNull();
              assertThat(one.brief()).isNull();
            });
  }

  @Test
  void openSocketOfTheOtherNamespace_isInNoDoubtOnceTheHostWasAsked() throws Exception {
    withEvents(
        events -> {
          try (PythonProcess python = PythonProcess.run(AS_USER + BIND + UNTIL_TOLD)) {
            python.send("");
            assertThat(python.line()).isEqualTo("listens");
            // Openings are looked at in their order.
            try (ServerSocket later =
                new ServerSocket(LATER, 1, InetAddress.getLoopbackAddress())) {
              assertThat(later.isBound()).isTrue();
              until(events, batch -> hasPort(batch, LATER));
            }
            python.send("");
            until(events, batch -> hasPort(batch, PORT));
          }
        });
    assertThat(onHost()).isEmpty();
  }
}
