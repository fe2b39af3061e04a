package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@LiveHost
@EnabledOnOs(OS.LINUX)
class LinuxSourceLiveTest {

  /** Enough looks for every process of a busy machine to have been walked through in its turn. */
  private static final int LOOKS_OF_A_ROUND = 3_000;

  private final LinuxSource source = PatientSource.ofHost();

  @AfterEach
  void close() {
    source.close();
  }

  private Optional<Listener> look(Protocol protocol, int port) throws InterruptedException {
    View view = source.look();
    assertThat(PatientSource.hiding(view, Endpoint.HOST)).isEmpty();
    return view.listeners().stream()
        .filter(one -> one.endpoint().port() == port && one.endpoint().protocol() == protocol)
        // Others on the machine may have the same port in a namespace of their own.
        .filter(one -> one.endpoint().namespace().equals(Endpoint.HOST))
        .findFirst();
  }

  private List<Integer> pids(int port) throws InterruptedException {
    return look(Protocol.TCP, port).orElseThrow().owners().stream().map(Owner::pid).toList();
  }

  private Owner owner(int port) throws InterruptedException {
    List<Owner> owners = look(Protocol.TCP, port).orElseThrow().owners();
    assertThat(owners).hasSize(1);
    return owners.get(0);
  }

  @Test
  void ownListener_isSeenUntilItCloses() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
      Owner owner = owner(port);
      assertThat(owner.pid()).isEqualTo((int) ProcessHandle.current().pid());
      assertThat(owner.executable()).hasToString(Path.of("/proc/self/exe").toRealPath().toString());
      assertThat(owner.details().deleted()).isFalse();
      assertThat(owner.details().elsewhere()).isFalse();
      assertThat(owner.details().ancestors()).isNotEmpty();
      assertThat(owner.user()).hasToString(System.getProperty("user.name"));
      assertThat(owner.details().startedAt())
          .isBetween(
              ProcessHandle.current().info().startInstant().orElseThrow().minusSeconds(3),
              ProcessHandle.current().info().startInstant().orElseThrow().plusSeconds(3));
    }
    assertThat(look(Protocol.TCP, port)).isEmpty();
  }

  @Test
  void dualStackWildcard_isKnown() throws Exception {
    String script =
        """
        sockets = []
        for only in (0, 1):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                s = socket.socket(socket.AF_INET6, kind)
                s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
                s.bind(('::', 0))
                if kind == socket.SOCK_STREAM: s.listen(1)
                sockets.append(s)
        ready(*[s.getsockname()[1] for s in sockets])
        """;
    try (PythonProcess python = PythonProcess.run(script)) {
      assertThat(look(Protocol.TCP, python.word(0)).orElseThrow().dualStack()).isTrue();
      assertThat(look(Protocol.UDP, python.word(1)).orElseThrow().dualStack()).isTrue();
      assertThat(look(Protocol.TCP, python.word(2)).orElseThrow().dualStack()).isFalse();
      assertThat(look(Protocol.UDP, python.word(3)).orElseThrow().dualStack()).isFalse();
    }
  }

  @Test
  void aConnectedUdpSocketDoesNotListen() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
      assertThat(look(Protocol.UDP, udp.getLocalPort())).isPresent();
      udp.connect(new InetSocketAddress(loopback, 9));
      assertThat(look(Protocol.UDP, udp.getLocalPort())).isEmpty();
    }
  }

  @Test
  void everyProcessThatInheritedASocketOwnsIt() throws Exception {
    String script =
        """
        s = tcp()
        children = []
        for i in range(2):
            pid = os.fork()
            if pid == 0:
                signal.pause()
            children.append(pid)
        ready(s.getsockname()[1], *children)
        """;
    try (PythonProcess python = PythonProcess.run(script)) {
      assertThat(pids(python.word(0)))
          .containsExactlyInAnyOrder(python.pid(), python.word(1), python.word(2));
    }
  }

  @Test
  void endedOwner_isGoneAtTheNextLook() throws Exception {
    String script =
        """
        s = tcp()
        child = os.fork()
        if child == 0:
            signal.pause()
        port = s.getsockname()[1]
        s2 = s
        print(port, child, flush=True)
        sys.stdin.read()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print('ended', flush=True)
        signal.pause()
        """;
    try (PythonProcess python = PythonProcess.run(script)) {
      int port = python.word(0);
      assertThat(pids(port)).containsExactlyInAnyOrder(python.pid(), python.word(1));
      assertThat(python.proceed()).isEqualTo("ended");
      assertThat(pids(port)).containsExactly(python.pid());
    }
  }

  @Test
  void reusedPort_isOneListenerWithAllOwners() throws Exception {
    String first = "s = tcp(reuse=True); ready(s.getsockname()[1])";
    try (PythonProcess one = PythonProcess.run(first)) {
      String second = "s = tcp(port=" + one.word(0) + ", reuse=True); ready(1)";
      try (PythonProcess two = PythonProcess.run(second)) {
        assertThat(pids(one.word(0))).containsExactlyInAnyOrder(one.pid(), two.pid());
      }
      assertThat(look(Protocol.TCP, one.word(0))).isPresent();
      assertThat(pids(one.word(0))).containsExactly(one.pid());
    }
  }

  @Test
  void descriptorHandedOver_isFoundInTurn() throws Exception {
    String script =
        """
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            received = socket.recv_fds(theirs, 1, 1)
            print('received', flush=True)
            signal.pause()
        s = tcp()
        print(s.getsockname()[1], child, flush=True)
        sys.stdin.read()
        socket.send_fds(ours, [b'x'], [s.fileno()])
        signal.pause()
        """;
    try (PythonProcess python = PythonProcess.run(script)) {
      int port = python.word(0);
      assertThat(pids(port)).containsExactly(python.pid());
      assertThat(python.proceed()).isEqualTo("received");
      int looks = 0;
      while (pids(port).size() < 2 && looks < LOOKS_OF_A_ROUND) {
        looks++;
      }
      assertThat(pids(port)).containsExactlyInAnyOrder(python.pid(), python.word(1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "') S 1 1 1 1 1', ') S 1 1 1 1 1'",
    "'x\\ny', 'x\\x0ay'",
    "'\\xff\\xfe\\x80bad', '\\xff\\xfe\\x80bad'",
    "'\\x1b[2Kclean', '\\x1b[2Kclean'",
    "'\",pid=1,fd=3),(', '\",pid=1,fd=3),('",
    "'a b c', 'a b c'",
    "'<img src=x>', '<img src=x>'",
    "'a\\tb\\rc', 'a\\x09b\\x0dc'",
    "'', ''",
  })
  void aHostileNameIsShownAndMisleadsNobody(String name, String shown) throws Exception {
    String script = "libc.prctl(15, b'''" + name + "''')\ns = tcp(); ready(s.getsockname()[1])";
    try (PythonProcess python = PythonProcess.run(script)) {
      Owner owner = owner(python.word(0));
      assertThat(owner.pid()).isEqualTo(python.pid());
      assertThat(owner.name()).hasToString(shown);
      assertThat(owner.executable()).hasToString(PythonProcess.PYTHON.toRealPath().toString());
    }
  }

  @Test
  void deletedExecutable_isKnownByItsLinkCount(@TempDir Path folder) throws Exception {
    Requirement.that(Files.isExecutable(PythonProcess.PYTHON), "the program python3");
    Path removed = Files.copy(PythonProcess.PYTHON.toRealPath(), folder.resolve("server"));
    Path named = Files.copy(PythonProcess.PYTHON.toRealPath(), folder.resolve("e (deleted)"));
    String script = "s = tcp(); ready(s.getsockname()[1])";
    try (PythonProcess one = PythonProcess.run(List.of(removed.toString()), script);
        PythonProcess two = PythonProcess.run(List.of(named.toString()), script)) {
      assertThat(owner(one.word(0)).details().deleted()).isFalse();
      Files.delete(removed);
      Owner deleted = owner(one.word(0));
      assertThat(deleted.details().deleted()).isTrue();
      assertThat(deleted.executable()).hasToString(removed.toString());
      Owner kept = owner(two.word(0));
      assertThat(kept.details().deleted()).isFalse();
      assertThat(kept.executable()).hasToString(named.toString());
    }
  }

  @Test
  void executableWithoutFile_isDeleted() throws Exception {
    String script =
        """
        if len(sys.argv) < 2:
            fd = os.memfd_create('[kworker/0:1]')
            os.write(fd, b''); os.sendfile(fd, os.open('/proc/self/exe', os.O_RDONLY), 0, 1 << 30)
            os.execv('/proc/self/fd/%d' % fd, ['python3', '-c', open('/proc/self/cmdline').read().split(chr(0))[2], 'again'])
        s = tcp(); ready(s.getsockname()[1])
        """;
    try (PythonProcess python = PythonProcess.run(script)) {
      Owner owner = owner(python.word(0));
      assertThat(owner.executable()).hasToString("/memfd:[kworker/0:1]");
      assertThat(owner.details().deleted()).isTrue();
      // Arguments are read in so little time that a busy machine may miss it.
      Daemon.until(
          "its arguments are read", () -> owner(python.word(0)).details().firstArgument() != null);
      assertThat(owner(python.word(0)).details().firstArgument()).hasToString("python3");
    }
  }

  private boolean isHeldBy(int port, String program) throws InterruptedException {
    return look(Protocol.TCP, port).orElseThrow().owners().stream()
        .anyMatch(owner -> String.valueOf(owner.executable()).endsWith(program));
  }

  @Test
  void anotherProgramInTheSameProcessIsSeen() throws Exception {
    String script =
        """
        s = tcp(); s.set_inheritable(True)
        print(s.getsockname()[1], flush=True)
        sys.stdin.read()
        print('now', flush=True)
        os.execv('/bin/sleep', ['sleep', '3600'])
        """;
    try (PythonProcess python = PythonProcess.run(script)) {
      int port = python.word(0);
      assertThat(owner(port).executable()).asString().contains("python");
      python.proceed();
      // During execve(2) it has no known owner.
      Daemon.until("the other program is seen", () -> isHeldBy(port, "sleep"));
      assertThat(owner(port).executable()).asString().endsWith("sleep");
      assertThat(owner(port).name()).hasToString("sleep");
    }
  }

  @Test
  void theSameListIsGivenWhileNothingChanges() throws Exception {
    try (PythonProcess python = PythonProcess.run("s = tcp(); ready(s.getsockname()[1])")) {
      Listener first = look(Protocol.TCP, python.word(0)).orElseThrow();
      Listener second = look(Protocol.TCP, python.word(0)).orElseThrow();
      assertThat(second).isEqualTo(first);
    }
  }
}
