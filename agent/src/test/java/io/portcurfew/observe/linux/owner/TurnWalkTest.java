package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A host on which more processes are started in each look than are walked through. */
@EnabledOnOs(OS.LINUX)
class TurnWalkTest {

  private static final KernelSocket FIRST = socket(901);
  private static final KernelSocket SHARED = socket(900);
  private static final int STARTED_IN_A_LOOK = 100;

  @TempDir private Path root;

  private static KernelSocket socket(long inode) {
    return new KernelSocket(Transport.TCP, false, 0, 0x7F000001L, 611, 0, inode, inode, 0, null, 0);
  }

  private void process(int pid) throws IOException {
    Path folder = Files.createDirectories(root.resolve("proc/" + pid + "/fd")).getParent();
    String fields = " S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + pid + " 0 0\n";
    Files.writeString(folder.resolve("stat"), pid + " (x)" + fields);
  }

  private void hold(int pid, long inode) throws IOException {
    Files.createSymbolicLink(
        root.resolve("proc/" + pid + "/fd/" + (inode - 890)), Path.of("socket:[" + inode + "]"));
  }

  @Test
  void oldProcesses_haveTheirTurnBesideNewOnes() throws Exception {
    ProcessList processes = new ProcessList(new ProcFs(root));
    SocketOwners.Pace pace = new SocketOwners.Pace(0, 0, 64, 16);
    process(10);
    process(11);
    hold(10, 901);
    hold(10, 900);
    try (SocketOwners owners = new SocketOwners(root, processes, pace)) {
      owners.refresh(List.of(FIRST, SHARED), gone -> false);
      assertThat(owners.of(SHARED).owners()).hasSize(1);
      // The old process gets a descriptor of the other one.
      hold(11, 900);
      int next = 100;
      for (int look = 0; look < 10 && owners.of(SHARED).owners().size() < 2; look++) {
        for (int i = 0; i < STARTED_IN_A_LOOK; i++) {
          process(next++);
        }
        owners.refresh(null, gone -> false);
      }
      assertThat(owners.of(SHARED).owners())
          .extracting(owner -> owner.pid())
          .containsExactly(10, 11);
    }
  }
}
