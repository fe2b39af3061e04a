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
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Sockets of an unprivileged user in a network namespace that nothing else keeps. */
@EnabledOnOs(OS.LINUX)
@LiveHost
@Timeout(60)
class UnlistedNamespaceLiveTest {

  /** asm/unistd.h, the same number on every architecture. */
  private static final int PIDFD_GETFD = 438;

  private static final String AS_NOBODY =
      "os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)\n";

  private static final String WITHOUT_ADDRESS =
      """
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      ready(s.fileno(), os.fstat(s.fileno()).st_ino)
      """;

  /** A child opens a socket in a namespace of its own, sends it to its parent and ends. */
  private static final String PASSED =
      AS_NOBODY
          + """
      plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      plain.bind(('127.0.0.1', 0))
      ours, theirs = socket.socketpair()
      if os.fork() == 0:
          assert not libc.unshare(0x50000000)
          s = socket.socket(socket.AF_INET, socket.SOCK_%s)
          s.bind(('0.0.0.0', 18612))
          %s
          socket.send_fds(theirs, [b'.'], [s.fileno()])
          os._exit(0)
      kept = socket.recv_fds(ours, 1, 1)[1]
      os.wait()
      ready(kept[0], os.fstat(kept[0]).st_ino, plain.fileno(), os.fstat(plain.fileno()).st_ino)
      """;

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  @Test
  void socketThatNoTableLists_isAGap() throws Exception {
    try (PythonProcess python = PythonProcess.run(PASSED.formatted("DGRAM", ""))) {
      assertThat(compared(python, 1, 3))
          .extracting(Gap::why)
          .singleElement()
          .asString()
          .startsWith("1 socket of uid 65534 ")
          .contains("UDP of python3[" + python.pid() + "]");
    }
  }

  @Test
  void socketOfANetworkDaemon_isNone() throws Exception {
    List<String> daemon =
        List.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--inh-caps=+net_admin",
            "--ambient-caps=+net_admin",
            "/usr/bin/python3");
    try (PythonProcess python = PythonProcess.run(daemon, WITHOUT_ADDRESS)) {
      assertThat(compared(python, 1)).isEmpty();
    }
    try (PythonProcess python = PythonProcess.run(AS_NOBODY + WITHOUT_ADDRESS)) {
      assertThat(compared(python, 1)).hasSize(1);
    }
  }

  /** As root with all capabilities, as the program su that waits for a password. */
  @Test
  void socketOfAUserHeldBySu_isAGap() throws Exception {
    String held =
        """
        os.setresuid(65534, 65534, 0)
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        os.setresuid(0, 0, 0)
        ready(s.fileno(), os.fstat(s.fileno()).st_ino)
        """;
    try (PythonProcess python = PythonProcess.run(held)) {
      assertThat(compared(python, 1)).hasSize(1);
    }
  }

  /** The gaps after a comparison of sockets, each by the place of its inode in the first line. */
  private static List<Gap> compared(PythonProcess python, int... places) throws Exception {
    Duration[] now = {Ticker.SYSTEM.elapsed()};
    try (UnlistedSockets unlisted =
        new UnlistedSockets(
            new ProcFs(Path.of("/")), () -> now[0], Threads.SYSTEM.oneByOne("compared"))) {
      for (int place : places) {
        unlisted.add(python.word(place), python.pid(), python.word(place - 1));
        assertThat(unlisted.isWaiting(python.word(place))).isTrue();
      }
      assertThat(unlisted.look("sock_diag", () -> new int[0])).as("not settled").isEmpty();
      now[0] = now[0].plus(UnlistedSockets.SETTLED);
      List<Gap> gaps = unlisted.look("sock_diag", () -> new int[0]);
      while (unlisted.isComparing()) {
        Thread.sleep(5);
        gaps = unlisted.look("sock_diag", () -> new int[0]);
      }
      return gaps;
    }
  }

  @Test
  void announcedListenerThatNoScanShows_isAGapUntilItCloses() throws Exception {
    try (LinuxSource source = ThreadRights.onItsOwnThread(UnlistedNamespaceLiveTest::asService)) {
      LinuxEvents events =
          LinuxEvents.open(
              new EventSettings(true, false),
              source::namespaceNames,
              source.ends(),
              source.unlistedOpenings(),
              Clock.systemUTC());
      Thread reader = new Thread(events::read, "reader");
      reader.setDaemon(true);
      reader.start();
      try (events) {
        try (PythonProcess python = PythonProcess.run(PASSED.formatted("STREAM", "s.listen()"))) {
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
      events.closeLooks();
    }
  }

  /** The gaps of the socket, once there are some or none. */
  private static List<Gap> gapsUntil(LinuxEvents events, LinuxSource source, boolean none)
      throws InterruptedException {
    Duration end = Ticker.SYSTEM.elapsed().plusSeconds(20);
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
    return source.look().gaps().stream().filter(gap -> gap.why().contains(":18612")).toList();
  }
}
