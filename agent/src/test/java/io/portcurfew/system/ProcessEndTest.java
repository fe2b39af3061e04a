package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessEndTest {

  @Test
  void killedProcess_andItsChild_haveEnded() throws Exception {
    Process shell = new ProcessBuilder("sh", "-c", "sleep 3600 & echo $!; wait").start();
    String child = shell.inputReader().readLine();
    ProcessEnd.kill(shell);
    assertThat(shell.isAlive()).isFalse();
    // The command line of a process without a status is empty.
    Path left = Path.of("/proc", child, "cmdline");
    assertThat(Files.exists(left) ? Files.readString(left) : "").isEmpty();
  }

  @Test
  void processThatHasEnded_isNotAwaited() throws Exception {
    Process none = new ProcessBuilder("true").start();
    none.waitFor();
    ProcessEnd.await(none.pid());
    ProcessEnd.kill(none);
    assertThat(none.isAlive()).isFalse();
  }
}
