package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.Holders;
import io.portcurfew.observe.linux.PatientSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessList;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@LiveHost
@EnabledOnOs(OS.LINUX)
class SocketOwnersLiveTest {

  /** Nothing is proven or walked in turn: what is seen all the same is seen at every look. */
  private static final SocketOwners.Pace NOTHING_IN_TURN = new SocketOwners.Pace(0, 0, 64, 0);

  private static SocketOwners patient(SocketOwners.Pace pace) {
    ProcessList processes = new ProcessList(new ProcFs(Path.of("/")));
    return new SocketOwners(Path.of("/"), processes, pace, PatientSource.NO_LIMITS);
  }

  @Test
  void goneSocket_isForgottenBeforeTheSearch() throws Exception {
    KernelSocket gone =
        new KernelSocket(
            Transport.TCP, false, 0, 0x7F000001L, 611, 0, 4_000_000_000L, 1L, 0, null, 0);
    try (SocketOwners owners = patient(NOTHING_IN_TURN)) {
      assertThat(owners.refresh(List.of(gone), socket -> false)).containsExactly(gone);
      owners.forget(gone);
      assertThat(owners.refresh(List.of(gone), gone::equals)).isEmpty();
      assertThat(owners.of(gone)).isNull();
    }
  }

  @Test
  void changeOfOwner_isSeenInEveryLook() throws Exception {
    String script =
        """
        s = tcp()
        def child():
            pid = os.fork()
            if pid == 0: signal.pause()
            return pid
        first = child()
        print(s.getsockname()[1], first, flush=True)
        sys.stdin.read()
        os.kill(first, signal.SIGKILL)
        os.waitpid(first, 0)
        print(child(), flush=True)
        signal.pause()
        """;
    try (SockDiag diag = SockDiag.open();
        SocketOwners owners = patient(NOTHING_IN_TURN);
        PythonProcess python = PythonProcess.run(script)) {
      int port = python.word(0);
      assertThat(Holders.look(owners, diag, port))
          .containsExactlyInAnyOrder(python.pid(), python.word(1));
      int second = Integer.parseInt(python.proceed());
      assertThat(Holders.look(owners, diag, port)).containsExactlyInAnyOrder(python.pid(), second);
    }
  }

  @Test
  void unchangedOwners_keepTheirVersion() throws Exception {
    try (SockDiag diag = SockDiag.open();
        SocketOwners owners = patient(SocketOwners.Pace.USUAL);
        PythonProcess python = PythonProcess.run("s = tcp(); ready(s.getsockname()[1])")) {
      assertThat(python.pid()).isPositive();
      List<KernelSocket> sockets = Holders.listening(diag);
      owners.refresh(sockets, socket -> false);
      long version = owners.version();
      owners.refresh(sockets, socket -> false);
      assertThat(owners.version()).isEqualTo(version);
      owners.refresh(List.of(), socket -> false);
      assertThat(owners.version()).isGreaterThan(version);
    }
  }
}
