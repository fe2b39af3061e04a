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

/** Two processes hold a socket, and the kernel reports no end of them yet. */
@EnabledOnOs(OS.LINUX)
class EndingHolderTest {

  private static final KernelSocket SOCKET =
      new KernelSocket(Transport.TCP, false, 0, 0x7F000001L, 611, 0, 900, 1L, 0, null, 0);

  @TempDir private Path root;
  private SocketOwners owners;

  @BeforeEach
  void hold() throws Exception {
    hold(10);
    hold(11);
    owners =
        new SocketOwners(
            root, new ProcessList(new ProcFs(root)), new SocketOwners.Pace(0, 0, 64, 0));
    owners.readAll();
    assertThat(holders()).containsExactly(10, 11);
  }

  @AfterEach
  void close() {
    owners.close();
  }

  private void hold(int pid) throws IOException {
    Path folder = Files.createDirectories(root.resolve("proc/" + pid + "/fd")).getParent();
    String fields = " S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + pid + " 0 0\n";
    Files.writeString(folder.resolve("stat"), pid + " (x)" + fields);
    Files.writeString(folder.resolve("statm"), "300 90 80 40 0 70 0\n");
    Files.writeString(folder.resolve("exe"), "");
    Files.createSymbolicLink(folder.resolve("fd/5"), Path.of("socket:[900]"));
  }

  private List<Integer> holders() throws InterruptedException {
    owners.refresh(List.of(SOCKET), gone -> false);
    return owners.of(SOCKET).owners().stream().map(Owner::pid).toList();
  }

  /** The kernel shows neither the program nor the descriptors of a process that ends. */
  private void end(int pid) throws IOException {
    Files.delete(root.resolve("proc/" + pid + "/exe"));
    Files.delete(root.resolve("proc/" + pid + "/fd/5"));
    Files.writeString(root.resolve("proc/" + pid + "/statm"), "0 0 0 0 0 0 0\n");
  }

  private boolean drop() {
    return owners.dropEnding(List.of(SOCKET));
  }

  @Test
  void lastHolderThatEnds_isForgotten() throws Exception {
    end(10);
    end(11);
    assertThat(drop()).isTrue();
    assertThat(owners.isHeld(SOCKET)).isFalse();
    assertThat(owners.of(SOCKET).isSought()).isTrue();
    assertThat(holders()).isEmpty();
    assertThat(owners.of(SOCKET).isSought()).isFalse();
  }

  @Test
  void holderThatLives_isKept() throws Exception {
    assertThat(drop()).isFalse();
    end(10);
    drop();
    assertThat(owners.isHeld(SOCKET)).isTrue();
  }

  /** It would be asked in vain until its program is there, and its user decides how long. */
  @Test
  void holderThatExecutesAProgram_isKept() throws Exception {
    for (int pid = 10; pid < 12; pid++) {
      end(pid);
      Files.writeString(root.resolve("proc/" + pid + "/statm"), "34 1 0 0 0 34 0\n");
    }
    assertThat(drop()).isFalse();
    assertThat(owners.isHeld(SOCKET)).isTrue();
  }

  @Test
  void socketThatMovedToAnotherDescriptor_isKept() throws Exception {
    for (int pid = 10; pid < 12; pid++) {
      Path descriptors = root.resolve("proc/" + pid + "/fd");
      Files.move(descriptors.resolve("5"), descriptors.resolve("6"));
    }
    assertThat(drop()).isFalse();
  }
}
