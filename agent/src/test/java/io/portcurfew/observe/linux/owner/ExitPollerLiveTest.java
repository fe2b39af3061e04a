package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@LiveHost
@EnabledOnOs(OS.LINUX)
class ExitPollerLiveTest {

  /** Room for one process, so that more at once need more. */
  private final ExitPoller poller = new ExitPoller(1);

  private final List<Process> processes = new ArrayList<>();
  private final List<Integer> pidfds = new ArrayList<>();

  private int start() throws Exception {
    Process process = new ProcessBuilder("sleep", "600").start();
    processes.add(process);
    int pid = (int) process.pid();
    int pidfd = (int) Libc.syscall(Libc.SYS_PIDFD_OPEN, pid, 0, 0, 0);
    Requirement.that(pidfd >= 0, "pidfd_open (Linux 5.3)");
    pidfds.add(pidfd);
    assertThat(poller.watch(pid, pidfd)).isTrue();
    return pid;
  }

  private void end(int number) throws Exception {
    processes.get(number).destroyForcibly().waitFor();
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
    pidfds.forEach(Libc::close);
    poller.close();
  }

  @Test
  void processesThatEnd_areReportedUntilForgotten() throws Exception {
    int first = start();
    start();
    int third = start();
    assertThat(poller.ended()).isEmpty();
    end(0);
    end(2);
    assertThat(poller.ended()).containsExactlyInAnyOrder(first, third);
    poller.forget(pidfds.get(0));
    assertThat(poller.ended()).containsExactly(third);
  }

  @Test
  void processThatHasEndedBefore_isReported() throws Exception {
    Process process = new ProcessBuilder("sh", "-c", "read line").start();
    processes.add(process);
    int pidfd = (int) Libc.syscall(Libc.SYS_PIDFD_OPEN, process.pid(), 0, 0, 0);
    Requirement.that(pidfd >= 0, "pidfd_open (Linux 5.3)");
    pidfds.add(pidfd);
    process.getOutputStream().close();
    process.waitFor();
    assertThat(poller.watch(7, pidfd)).isTrue();
    assertThat(poller.ended()).containsExactly(7);
  }

  @Test
  void processWithoutDescriptor_isNotWatched() {
    assertThat(poller.watch(1, -1)).isFalse();
    assertThat(poller.ended()).isEmpty();
  }
}
