package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The search for the owners of a socket whose holder has ended. */
@EnabledOnOs(OS.LINUX)
class OwnerSearchTest {

  private static final KernelSocket SOCKET =
      new KernelSocket(Transport.TCP, false, 0, 0x7F000001L, 611, 0, 900, 900L, 0, null, 0);
  private static final SocketOwners.Pace NOTHING_IN_TURN = new SocketOwners.Pace(0, 0, 64, 0);

  /** Above every process of the host that runs the test. */
  private static final String PID = "4194304";

  @TempDir private Path root;

  @Test
  void holderThatEndsRightAfterItWasFound_isSearchedForAgain() throws Exception {
    Path folder = Files.createDirectories(root.resolve("proc/" + PID + "/fd")).getParent();
    Path stat = folder.resolve("stat");
    Files.writeString(stat, PID + " (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9 0 0\n");
    Path descriptor = folder.resolve("fd/3");
    Files.createSymbolicLink(descriptor, Path.of("socket:[900]"));
    ProcessList processes = new ProcessList(new ProcFs(root));
    try (SocketOwners owners = new SocketOwners(root, processes, NOTHING_IN_TURN)) {
      owners.refresh(List.of(SOCKET), gone -> false);
      assertThat(owners.isHeld(SOCKET)).isTrue();
      // There is no look between, in which nothing is searched for.
      for (Path file : List.of(descriptor, stat, folder.resolve("fd"), folder)) {
        Files.delete(file);
      }
      assertThat(owners.refresh(null, gone -> false)).containsExactly(SOCKET);
      assertThat(owners.of(SOCKET).isSought()).isFalse();
    }
  }
}
