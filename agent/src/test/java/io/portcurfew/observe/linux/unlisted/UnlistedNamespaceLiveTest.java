package io.portcurfew.observe.linux.unlisted;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.RefusedCall;
import io.portcurfew.observe.linux.ThreadRights;
import io.portcurfew.observe.linux.events.LinuxEvents;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.process.Ticker;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Listeners of an unprivileged user in a network namespace that nothing else keeps, which events
 * announce.
 */
@EnabledOnOs(OS.LINUX)
@LiveHost
@Timeout(600)
class UnlistedNamespaceLiveTest {

  /** asm/unistd.h, the same number on every architecture. */
  private static final int PIDFD_GETFD = 438;

  private static final String IN_THE_CHILD =
      UnlistedSocketsLiveTest.PASSED.formatted("STREAM", "s.listen(); os._exit(0)", "os.wait()");

  /** Its process is in the host's namespace when it listens. */
  private static final String IN_THE_PARENT =
      UnlistedSocketsLiveTest.PASSED.formatted("STREAM", "os._exit(0)", "os.wait(); kept.listen()");

  private static final String OF_THE_HOST = "s = tcp('0.0.0.0', 18612); ready(18612)";

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  /** The steps of a test while events are read. */
  private interface EventScene {
    void run(LinuxEvents events, LinuxSource source) throws Exception;
  }

  private static void withEvents(EventScene scene) throws Exception {
    try (LinuxSource source = ThreadRights.onItsOwnThread(UnlistedNamespaceLiveTest::asService)) {
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
        scene.run(events, source);
      } finally {
        events.closeLooks();
      }
    }
  }

  @Test
  void announcedListenerThatNoScanShows_isAGapUntilItCloses() throws Exception {
    withEvents((events, source) -> isAGapUntilItCloses(IN_THE_CHILD, events, source));
  }

  private static void isAGapUntilItCloses(String script, LinuxEvents events, LinuxSource source)
      throws Exception {
    try (PythonProcess python = PythonProcess.run(script)) {
      assertThat(python.pid()).isPositive();
      assertThat(gapsUntil(events, source, false))
          .singleElement()
          .matches(Gap::hidesListeners)
          .extracting(Gap::why)
          .asString()
          .contains("tcp 0.0.0.0:18612, opened by ");
    }
    assertThat(gapsUntil(events, source, true)).as("the process has ended").isEmpty();
  }

  @Test
  void portThatTheHostUsesToo_isAGapUntilItCloses() throws Exception {
    withEvents(
        (events, source) -> {
          try (PythonProcess host = PythonProcess.run(OF_THE_HOST)) {
            assertThat(host.word(0)).isEqualTo(18_612);
            events.await(Duration.ofSeconds(1));
            assertThat(unlisted(source)).isEmpty();
            isAGapUntilItCloses(IN_THE_PARENT, events, source);
          }
        });
  }

  @Test
  void listenerOfTheHost_isNoGapBesideAnother() throws Exception {
    withEvents(
        (events, source) -> {
          source.look();
          try (PythonProcess kept = PythonProcess.run(IN_THE_PARENT);
              PythonProcess host = PythonProcess.run(OF_THE_HOST)) {
            assertThat(List.of(kept.pid(), host.pid())).doesNotHaveDuplicates();
            assertThat(gapsUntil(events, source, false)).hasSize(1);
          }
          try (PythonProcess host = PythonProcess.run(OF_THE_HOST)) {
            assertThat(host.word(0)).isEqualTo(18_612);
            Duration end = Ticker.SYSTEM.elapsed().plus(UnlistedOpenings.PATIENCE).plusSeconds(1);
            while (Ticker.SYSTEM.elapsed().compareTo(end) < 0) {
              events.await(Duration.ofMillis(100));
              assertThat(unlisted(source)).isEmpty();
            }
          }
        });
  }

  /** The gaps of the socket, once there are some or none. */
  private static List<Gap> gapsUntil(LinuxEvents events, LinuxSource source, boolean none)
      throws InterruptedException {
    Duration end = Ticker.SYSTEM.elapsed().plus(Daemon.PATIENCE);
    List<Gap> gaps = unlisted(source);
    while (gaps.isEmpty() != none && Ticker.SYSTEM.elapsed().compareTo(end) < 0) {
      events.await(Duration.ofMillis(100));
      gaps = unlisted(source);
    }
    return gaps;
  }

  /** A source that may not ask for the namespace of a socket. */
  private static LinuxSource asService() {
    RefusedCall.refuse(PIDFD_GETFD, Errno.EPERM);
    return LinuxSource.ofHost();
  }

  private static List<Gap> unlisted(LinuxSource source) throws InterruptedException {
    return source.look().gaps().stream()
        .filter(gap -> gap.why().contains(":18612, opened by "))
        .toList();
  }
}
