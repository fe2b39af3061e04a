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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The holder of a socket executes a program when it is searched for; no turn finds it later. */
@EnabledOnOs(OS.LINUX)
class ExecutingHolderTest {

  private static final KernelSocket SOCKET =
      new KernelSocket(Transport.TCP, false, 0, 0x7F000001L, 611, 0, 900, 1L, 0, null, 0);

  @TempDir private Path root;
  private SocketOwners owners;

  @BeforeEach
  void hold() throws IOException {
    Path folder = Files.createDirectories(root.resolve("proc/10/fd")).getParent();
    Files.writeString(
        folder.resolve("stat"), "10 (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 10 0 0\n");
    Files.createSymbolicLink(folder.resolve("fd/5"), Path.of("socket:[900]"));
    owners =
        new SocketOwners(
            root, new ProcessList(new ProcFs(root)), new SocketOwners.Pace(1, 8, 64, 0));
  }

  @AfterEach
  void close() {
    owners.close();
  }

  /** Writes proc_pid_statm(5): a process that has a stack alone executes a program. */
  private void execute(boolean executes) throws IOException {
    Files.writeString(
        root.resolve("proc/10/statm"), executes ? "34 1 0 0 0 34 0\n" : "300 90 80 40 0 70 0\n");
  }

  private List<Integer> look() throws InterruptedException {
    owners.refresh(List.of(SOCKET), gone -> false);
    return owners.of(SOCKET).owners().stream().map(Owner::pid).toList();
  }

  @Test
  void holderOfANewSocket_isFoundInTheNextLook() throws Exception {
    execute(true);
    assertThat(look()).isEmpty();
    execute(false);
    assertThat(look()).containsExactly(10);
  }

  @Test
  void knownHolder_isFoundAgainInTheNextLook() throws Exception {
    execute(false);
    assertThat(look()).containsExactly(10);
    execute(true);
    assertThat(look()).isEmpty();
    execute(false);
    assertThat(look()).containsExactly(10);
  }
}
