package io.portcurfew.observe.linux.unlisted;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.RefusedCall;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.owner.FuseMount;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Threads;
import io.portcurfew.process.Ticker;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process of user 65534 exchanges its socket for a file of its own file system, which never
 * answers.
 */
@EnabledOnOs(OS.LINUX)
@LiveHost
@Timeout(600)
class HangingFileSystemLiveTest {

  /** asm/unistd.h, the same number on every architecture. */
  private static final int PIDFD_GETFD = 438;

  private static final String EXCHANGED =
      """
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      place = os.dup(s.fileno())
      inode = os.fstat(s.fileno()).st_ino
      def exchange():
          while True:
              os.dup2(file, place)
              os.dup2(s.fileno(), place)
      threading.Thread(target=exchange, daemon=True).start()
      ready(os.getpid(), place, inode)
      """;

  @TempDir private Path folder;
  private Path mounted = Path.of("");

  @BeforeEach
  void needsRoot() throws Exception {
    Requirement.root();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    mounted = Files.createDirectory(folder.resolve("mounted"));
  }

  /** Does something that may hang, on a thread that nobody waits for. */
  private static <T> T inTime(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "looks at a user's file");
    thread.setDaemon(true);
    thread.start();
    return task.get(3, TimeUnit.MINUTES);
  }

  @Test
  void fileThatNeverAnswers_isNotAsked() throws Exception {
    try (PythonProcess python = FuseMount.thatHangs(folder, mounted, "ready(os.getpid(), file)")) {
      SocketProtocol protocols = new SocketProtocol(new ProcFs(Path.of("/")));
      // The server chose 2 for the number of its file.
      assertThat(inTime(() -> protocols.of(2, python.word(0), python.word(1)) == null)).isTrue();
    }
  }

  @Test
  void exchangedSocket_isAGapInTheEnd() throws Exception {
    try (PythonProcess python = FuseMount.thatHangs(folder, mounted, EXCHANGED)) {
      String why = inTime(() -> gapOf(python).why());
      assertThat(why).startsWith("1 socket of uid 65534 ").contains("UDP of python3");
    }
  }

  private static Gap gapOf(PythonProcess python) throws InterruptedException {
    Duration[] now = {Ticker.SYSTEM.elapsed()};
    try (UnlistedSockets unlisted =
        new UnlistedSockets(
            new ProcFs(Path.of("/")), () -> now[0], Threads.SYSTEM.oneByOne("compared"))) {
      List<Gap> gaps = List.of();
      while (gaps.isEmpty()) {
        unlisted.add(python.word(2), python.word(0), python.word(1));
        if (!unlisted.isComparing()) {
          now[0] = now[0].plus(UnlistedSockets.BETWEEN);
        }
        gaps = unlisted.look("sock_diag", () -> new int[0]);
        Thread.sleep(1);
      }
      return gaps.get(0);
    }
  }

  @Test
  void look_endsInTime() throws Exception {
    try (PythonProcess python = FuseMount.thatHangs(folder, mounted, EXCHANGED)) {
      assertThat(python.pid()).isPositive();
      boolean[] complete = new boolean[3];
      inTime(
          () -> {
            RefusedCall.refuse(PIDFD_GETFD, Errno.EPERM);
            try (LinuxSource source = LinuxSource.ofHost()) {
              for (int look = 0; look < complete.length; look++) {
                complete[look] = !source.look().listeners().isEmpty();
              }
              return complete;
            }
          });
      assertThat(complete).doesNotContain(false);
    }
  }
}
