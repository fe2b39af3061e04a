package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.process.ProcessResult;
import io.portcurfew.process.ProcessRunner;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The execve(2) of a process of user 65534 hangs. Some kernels (tried: 6.18) let every read of its
 * links wait for that.
 */
@Timeout(600)
@LiveHost
@EnabledOnOs(OS.LINUX)
class FrozenProcessLiveTest {

  @TempDir private Path folder;

  @Test
  void processInExecve_stopsNoLook() throws Exception {
    Requirement.root();
    try (PythonProcess other = PythonProcess.run("s = tcp(); ready(s.getsockname()[1])");
        FrozenProcess frozen = FrozenProcess.in(folder);
        LinuxSource source = LinuxSource.ofHost()) {
      frozen.awaitExecve();
      for (int i = 0; i < 3; i++) {
        View view = FrozenProcess.inTime(source::look);
        assertThat(at(view, other.word(0)).owners())
            .singleElement()
            .satisfies(owner -> assertThat(owner.pid()).isEqualTo(other.pid()));
        Listener held = at(view, frozen.port());
        assertThat(held.owners()).isEmpty();
        assertThat(held.unknownOwner()).isNotNull();
      }
    }
  }

  @Test
  void ownerThatExecutesAProgram_isUnknown() throws Exception {
    Requirement.root();
    try (FrozenProcess frozen = FrozenProcess.in(folder);
        LinuxSource source = LinuxSource.ofHost()) {
      // Perhaps before its execve, after which the owner may no longer be taken for proven.
      FrozenProcess.inTime(source::look);
      frozen.awaitExecve();
      Listener held = at(FrozenProcess.inTime(source::look), frozen.port());
      for (int i = 0; i < 50 && !held.owners().isEmpty(); i++) {
        held = at(FrozenProcess.inTime(source::look), frozen.port());
      }
      assertThat(held.owners()).isEmpty();
    }
  }

  @Test
  void processInExecve_delaysNoTool() throws Exception {
    Requirement.root();
    Path tool = folder.resolve("tool");
    Files.writeString(tool, "#!/bin/sh\nsleep 600 &\necho $!\nsleep 0.1\n");
    LiveOwner.run("chmod", "755", tool.toString());
    try (FrozenProcess frozen = FrozenProcess.in(folder)) {
      frozen.awaitExecve();
      ProcessResult ran = FrozenProcess.inTime(() -> new ProcessRunner().run(tool, List.of()));
      assertThat(ran.status()).isZero();
      Path left = Path.of("/proc", ran.output().trim(), "cmdline");
      assertThat(Files.exists(left) ? Files.readString(left) : "").isEmpty();
    }
  }

  private static Listener at(View view, int port) {
    return view.listeners().stream()
        .filter(one -> one.endpoint().port() == port)
        .findFirst()
        .orElseThrow();
  }
}
