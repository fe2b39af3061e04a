package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The inode of /proc/PID/net/sockstat names the network namespace of a process. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class SockstatLiveTest {

  /** The process itself and a thread of it, which stays where it is. */
  private static final String SCRIPT =
      """
      import threading
      threading.Thread(target=signal.pause, daemon=True).start()
      thread = [one for one in map(int, os.listdir('/proc/self/task')) if one != os.getpid()][0]
      held = open('/proc/%d/net/sockstat' % os.getpid())
      held.read()
      ready(thread)
      assert not libc.unshare(0x40000000)
      print('entered', flush=True)
      signal.pause()
      """;

  private final ProcFs proc = new ProcFs(Path.of("/"));

  @Test
  void processOfAHeldFile_isFollowed() throws Exception {
    Requirement.root();
    long here = proc.sockstatOf((int) ProcessHandle.current().pid());
    assertThat(here).isNotZero();
    try (PythonProcess python = PythonProcess.run(SCRIPT)) {
      int pid = python.pid();
      int held = proc.open("proc/" + pid + "/net/sockstat", Libc.O_RDONLY);
      try (ProcessFolder folder = proc.process(pid)) {
        assertThat(proc.sockstatOf(pid)).isEqualTo(here);
        assertThat(folder.sockstat()).isEqualTo(here);
        python.proceed();
        long there = proc.sockstatOf(pid);
        assertThat(there).isNotZero().isNotEqualTo(here).isEqualTo(folder.sockstat());
        assertThat(proc.sockstatOf(python.word(0))).isEqualTo(here);
      } finally {
        proc.close(held);
      }
    }
  }

  @Test
  void missingProcess_hasNone() {
    assertThat(proc.sockstatOf(Integer.MAX_VALUE)).isZero();
  }
}
