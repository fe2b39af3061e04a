package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Owner;
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

/** Several processes hold a socket, and some of them are older than the last look. */
@EnabledOnOs(OS.LINUX)
class InheritedSocketTest {

  /** A search finds all holders; no turn finds one by chance. */
  private static final SocketOwners.Pace NOTHING_IN_TURN = new SocketOwners.Pace(0, 0, 64, 0);

  private static final KernelSocket SOCKET =
      new KernelSocket(Transport.TCP, false, 0, 0x7F000001L, 611, 0, 900, 1L, 0, null, 0);

  @TempDir private Path root;

  private void process(int pid, int parent) throws IOException {
    Path folder = Files.createDirectories(root.resolve("proc/" + pid + "/fd")).getParent();
    String fields = " S " + parent + " 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + pid + " 0 0\n";
    Files.writeString(folder.resolve("stat"), pid + " (x)" + fields);
  }

  private void hold(int pid) throws IOException {
    Files.createSymbolicLink(root.resolve("proc/" + pid + "/fd/5"), Path.of("socket:[900]"));
  }

  private SocketOwners owners() {
    return new SocketOwners(root, new ProcessList(new ProcFs(root)), NOTHING_IN_TURN);
  }

  private static List<Integer> look(SocketOwners owners) throws InterruptedException {
    owners.refresh(List.of(SOCKET), gone -> false);
    return owners.of(SOCKET).owners().stream().map(Owner::pid).toList();
  }

  @Test
  void oldProcessThatListensAndForks_isAnOwnerBesideItsChild() throws Exception {
    process(9, 1);
    process(10, 9);
    process(11, 10);
    try (SocketOwners owners = owners()) {
      owners.refresh(List.of(), gone -> false);
      process(12, 11);
      // The process 9 does not hold it.
      hold(10);
      hold(11);
      hold(12);
      assertThat(look(owners)).containsExactly(10, 11, 12);
    }
  }

  @Test
  void missedSocket_hasAllItsOldOwners() throws Exception {
    process(10, 1);
    process(11, 1);
    hold(10);
    hold(11);
    try (SocketOwners owners = owners()) {
      owners.refresh(List.of(), gone -> false);
      owners.readAll();
      assertThat(look(owners)).containsExactly(10, 11);
    }
  }
}
