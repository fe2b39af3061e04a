package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.ProcMount;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A procfs of our own. That it shows what a mount covers is a case of the gauntlet. */
@EnabledOnOs(OS.LINUX)
@LiveHost
class ProcMountLiveTest {

  private static final Path ROOT = Path.of("/");

  @Test
  void readerUsesItFromThenOn() {
    Requirement.root();
    try (ProcMount mount = new ProcMount()) {
      ProcFs proc = new ProcFs(ROOT, mount);
      FilePlace usual = proc.placeBelow("proc");
      assertThat(proc.readFromOwnMount()).isTrue();
      assertThat(proc.placeBelow("proc")).isNotEqualTo(usual);
      assertThat(proc.another().placeBelow("proc")).isEqualTo(proc.placeBelow("proc"));
      int pid = (int) ProcessHandle.current().pid();
      assertThat(proc.pids()).contains(pid);
      assertThat(new String(proc.read("proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1))
          .startsWith(pid + " ");
      try (ProcessFolder self = proc.self()) {
        assertThat(self.pid()).isEqualTo(pid);
        assertThat(self.networkNamespace()).isNotNull();
      }
      assertThat(proc.fileBelow("etc/passwd")).as("a path outside of /proc").isNotNull();
    }
  }

  @Test
  void closedMountIsNotOpenedAgain() {
    ProcMount mount = new ProcMount();
    mount.close();
    ProcFs proc = new ProcFs(ROOT, mount);
    assertThat(proc.readFromOwnMount()).isFalse();
    assertThat(proc.pids()).isNotEmpty();
  }
}
