package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.Holders;
import io.portcurfew.observe.linux.PatientSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessList;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@LiveHost
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class YoungProcessesLiveTest {

  /** These looks find nothing by chance in a turn. */
  private static final SocketOwners.Pace NOTHING_IN_TURN = new SocketOwners.Pace(0, 0, 64, 0);

  private static final Duration ALL = Duration.ofHours(1);

  /** A python that starts a shell, which holds its socket until the input ends. */
  private static final String HELPER =
      """
      def helper():
          signal.signal(signal.SIGCHLD, signal.SIG_IGN)
          os.dup2(s.fileno(), 9)
          pid = os.fork()
          if pid == 0:
              os.execv('/bin/sh', ['sh', '-c', 'read go; exec 9>&-; echo gone; exec sleep 600'])
          os.close(9)
          while os.readlink(f'/proc/{pid}/exe') == os.readlink('/proc/self/exe'): pass
          return pid
      """;

  private static final String AT_ONCE =
      HELPER + "s = tcp(); print(s.getsockname()[1], helper(), flush=True); signal.pause()\n";

  private static SocketOwners owners(Duration young, int most, YoungProcesses.YoungPause pause) {
    Path root = Path.of("/");
    ProcessList processes = new ProcessList(new ProcFs(root));
    YoungProcesses.WaitLimits limits = new YoungProcesses.WaitLimits(young, most, pause);
    return new SocketOwners(root, processes, NOTHING_IN_TURN, PatientSource.NO_LIMITS, limits);
  }

  private static List<Integer> look(SocketOwners owners, int port)
      throws KernelException, InterruptedException {
    try (SockDiag diag = SockDiag.open()) {
      return Holders.look(owners, diag, port);
    }
  }

  private static void goesOn(PythonProcess python) {
    try {
      assertThat(python.proceed()).isEqualTo("gone");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void socketOfAHelperBeforeExec_isItsParents() throws Exception {
    AtomicInteger pauses = new AtomicInteger();
    try (PythonProcess python = PythonProcess.run(AT_ONCE);
        SocketOwners owners =
            owners(
                ALL,
                10,
                () -> {
                  pauses.incrementAndGet();
                  goesOn(python);
                })) {
      assertThat(look(owners, python.word(0))).containsExactly(python.pid());
      assertThat(pauses).hasValue(1);
    }
  }

  @Test
  void socketHeldAfterAllPauses_isHeld() throws Exception {
    AtomicInteger pauses = new AtomicInteger();
    try (PythonProcess python = PythonProcess.run(AT_ONCE);
        SocketOwners owners = owners(ALL, 3, pauses::incrementAndGet)) {
      assertThat(look(owners, python.word(0)))
          .containsExactlyInAnyOrder(python.pid(), python.word(1));
      assertThat(pauses).hasValue(3);
      assertThat(look(owners, python.word(0))).hasSize(2);
      assertThat(pauses).as("it is looked at again once").hasValue(3);
    }
  }

  @Test
  void olderProcess_isNotAwaited() throws Exception {
    AtomicInteger pauses = new AtomicInteger();
    try (PythonProcess python = PythonProcess.run(AT_ONCE);
        SocketOwners owners = owners(Duration.ZERO, 3, pauses::incrementAndGet)) {
      assertThat(look(owners, python.word(0))).hasSize(2);
      assertThat(pauses).hasValue(0);
    }
  }

  @Test
  void parentOfAHelper_isTheOwner() throws Exception {
    String later =
        HELPER
            + """
            print(0, flush=True)
            sys.stdin.read()
            s = tcp()
            stdin, more = os.pipe()
            os.dup2(stdin, 0)
            print(s.getsockname()[1], helper(), flush=True)
            signal.pause()
            """;
    AtomicInteger helper = new AtomicInteger();
    try (PythonProcess python = PythonProcess.run(later);
        SocketOwners owners = owners(ALL, 10, () -> end(helper.get()))) {
      owners.refresh(List.of(), socket -> false);
      String[] words = python.proceed().split(" ", -1);
      helper.set(Integer.parseInt(words[1]));
      assertThat(look(owners, Integer.parseInt(words[0]))).containsExactly(python.pid());
    }
  }

  private static void end(int pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }
}
