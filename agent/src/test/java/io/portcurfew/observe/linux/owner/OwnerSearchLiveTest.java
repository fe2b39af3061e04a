package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.Holders;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessList;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** An unprivileged user has processes with many descriptors and a socket that nobody holds. */
@EnabledOnOs(OS.LINUX)
@LiveHost
class OwnerSearchLiveTest {

  private static final int NOBODY = 65534;

  /** Far less than the attacker's descriptors, and enough for the processes of a test host. */
  private static final SocketOwners.Limits LITTLE =
      new SocketOwners.Limits(4_000, 60_000, 4_000, 60_000);

  private static final SocketOwners.Pace NOTHING_IN_TURN = new SocketOwners.Pace(0, 0, 64, 0);

  /** 8 processes, which share a socket that is sought only where the test says so. */
  private static final String MANY =
      """
      import resource
      resource.setrlimit(resource.RLIMIT_NOFILE, (6000, 6000))
      os.setgroups([]); os.setgid(65534); os.setuid(65534)
      null = os.open('/dev/null', os.O_RDONLY)
      while os.dup(null) < 5000: pass
      s = tcp()
      for i in range(7):
          if os.fork() == 0: signal.pause()
      ready(s.getsockname()[1], os.fstat(s.fileno()).st_ino)
      """;

  private final SocketOwners owners =
      new SocketOwners(
          Path.of("/"),
          new ProcessList(new ProcFs(Path.of("/"))),
          NOTHING_IN_TURN,
          LITTLE,
          YoungProcesses.WaitLimits.USUAL);

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  @AfterEach
  void close() {
    owners.close();
  }

  private static KernelSocket heldByNobody(long inode) {
    return new KernelSocket(
        Transport.TCP, false, 0, 0x7F000001L, 4444, 0, inode, inode, NOBODY, null, 0);
  }

  @Test
  void descriptorsOfOneUser_delayNoOwnersOfAnother() throws Exception {
    try (SockDiag diag = SockDiag.open();
        PythonProcess attacker = PythonProcess.run(MANY)) {
      assertThat(attacker.word(0)).isPositive();
      for (int round = 0; round < 3; round++) {
        try (PythonProcess victim = PythonProcess.run("s = tcp(); ready(s.getsockname()[1])")) {
          List<KernelSocket> sockets = new ArrayList<>(Holders.listening(diag));
          KernelSocket ours =
              sockets.stream().filter(one -> one.port() == victim.word(0)).findFirst().get();
          // Each look has another one that no process holds.
          sockets.add(heldByNobody(4_000_000_000L + round));
          owners.refresh(sockets, socket -> false);
          assertThat(owners.of(ours).owners())
              .extracting(owner -> owner.pid())
              .containsExactly(victim.pid());
        }
      }
    }
  }

  @Test
  void largeProcess_isSearchedInTheNextLooks() throws Exception {
    try (SockDiag diag = SockDiag.open();
        PythonProcess attacker = PythonProcess.run(MANY)) {
      List<KernelSocket> sockets = Holders.listening(diag);
      KernelSocket socket =
          sockets.stream().filter(one -> one.port() == attacker.word(0)).findFirst().get();
      owners.refresh(sockets, gone -> false);
      assertThat(owners.of(socket).isSought()).as("not found yet").isTrue();
      int looks = 1;
      while (owners.of(socket).isSought()) {
        owners.refresh(null, gone -> false);
        looks++;
      }
      assertThat(owners.of(socket).owners()).isNotEmpty();
      assertThat(looks).isGreaterThan(1);
    }
  }

  @Test
  void unheldSocket_isSoughtInEveryProcess() throws Exception {
    try (PythonProcess attacker = PythonProcess.run(MANY)) {
      assertThat(attacker.word(0)).isPositive();
      KernelSocket orphan = heldByNobody(4_000_000_000L);
      assertThat(owners.refresh(List.of(orphan), gone -> false)).isEmpty();
      List<HeldSocket> searched = List.of();
      int looks = 1;
      while (searched.isEmpty()) {
        assertThat(owners.of(orphan).isSought()).isTrue();
        searched = owners.refresh(null, gone -> false);
        looks++;
      }
      assertThat(searched).containsExactly(orphan);
      assertThat(owners.of(orphan).isSought()).isFalse();
      assertThat(looks).as("8 processes of 5,000 descriptors").isGreaterThan(8);
    }
  }
}
