package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.namespace.EntryException;
import io.portcurfew.observe.linux.namespace.NamespaceEntry;
import io.portcurfew.observe.linux.namespace.NamespaceOpener;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.HeavyLoad;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Unprivileged users with many network namespaces of their own. */
@EnabledOnOs(OS.LINUX)
@LiveHost
class NamespaceSharesLiveTest {

  private static final int NAMESPACES = 60;

  /** linux/sched.h: CLONE_NEWUSER | CLONE_NEWNET; the last one listens. */
  private static final String IDLE =
      """
      os.setgroups([]); os.setgid(65534); os.setuid(65534)
      done = os.pipe()
      for i in range(%d):
          if os.fork() == 0:
              if libc.unshare(0x10000000 | 0x40000000) != 0: os._exit(1)
              s = tcp('0.0.0.0', 6111) if i == %d else None
              os.write(done[1], b'x')
              signal.pause()
      for i in range(%d): os.read(done[0], 1)
      ready(1)
      """;

  /** A child in a namespace of its own opens a listener, hands it over and is ended. */
  static final String HANDED_OVER =
      """
      import array
      ours, theirs = socket.socketpair()
      child = os.fork()
      if child == 0:
          libc.unshare(0x40000000)
          s = tcp('0.0.0.0', 611)
          theirs.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                                   array.array('i', [s.fileno()]))])
          signal.pause()
      data, fds = ours.recvmsg(1, 64)[:2]
      print(1, flush=True)
      kept = socket.socket(fileno=array.array('i', bytes(fds[0][2]))[0])
      sys.stdin.readline()
      os.kill(child, signal.SIGKILL)
      os.waitpid(child, 0)
      print('left', flush=True)
      sys.stdin.read()
      """;

  private final LinuxSource source = LinuxSource.ofHost();

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  @AfterEach
  void close() {
    source.close();
  }

  private static Optional<Listener> at(View view, int port) {
    return view.listeners().stream().filter(one -> one.endpoint().port() == port).findFirst();
  }

  @Test
  @HeavyLoad
  void idleNamespacesOfAUser_hideNothingOfOthers() throws Exception {
    String script = IDLE.formatted(NAMESPACES, NAMESPACES - 1, NAMESPACES);
    List<String> unshared = List.of("/usr/bin/unshare", "-n", PythonProcess.PYTHON.toString());
    try (PythonProcess attacker = PythonProcess.run(script)) {
      assertThat(attacker.word(0)).isOne();
      source.look();
      try (PythonProcess ours =
          PythonProcess.run(unshared, "s = tcp('0.0.0.0', 611); ready(611)")) {
        assertThat(ours.word(0)).isEqualTo(611);
        View view = source.look();
        String name = at(view, 611).orElseThrow().endpoint().namespace();
        List<Gap> hiding = view.gaps().stream().filter(Gap::hidesListeners).toList();
        assertThat(hiding)
            .singleElement()
            .satisfies(
                gap -> {
                  assertThat(gap.why()).contains("uid 65534");
                  assertThat(gap.place().namespace()).isNotNull().isNotEqualTo(name);
                });
      }
      int looks = 0;
      while (at(source.look(), 6111).isEmpty()) {
        looks++;
        assertThat(looks).as("each of them has its turn").isLessThan(500);
      }
      source.look();
      assertThat(at(source.look(), 6111)).as("one that listens is kept").isPresent();
    }
  }

  @Test
  void socketThatOutlivesItsProcesses_isKept() throws Exception {
    List<Listener> before = new ArrayList<>();
    try (PythonProcess python = PythonProcess.run(HANDED_OVER)) {
      assertThat(python.word(0)).isOne();
      Daemon.until("the listener is seen", () -> at(source.look(), 611).isPresent());
      before.addAll(at(source.look(), 611).stream().toList());
      assertThat(before).hasSize(1);
      python.send("leave");
      assertThat(python.line()).isEqualTo("left");
      for (int look = 0; look < 3; look++) {
        assertThat(at(source.look(), 611).map(Listener::endpoint))
            .contains(before.get(0).endpoint());
      }
    }
    source.look();
    assertThat(at(source.look(), 611)).isEmpty();
    assertThat(source.namespaces()).doesNotContain(before.get(0).endpoint().namespace());
  }

  @Test
  void namespaceThatCannotBeEntered_isAGap() throws Exception {
    NamespaceEntry entry = new NamespaceEntry(LinuxSource.NAME, Path.of("/"));
    try (LinuxSource noRight = new LinuxSource(Path.of("/"), new NoRightToEnter(entry))) {
      Endpoint endpoint;
      try (PythonProcess python = PythonProcess.run(HANDED_OVER)) {
        assertThat(python.word(0)).isOne();
        Daemon.until("the listener is seen", () -> at(noRight.look(), 611).isPresent());
        endpoint = at(noRight.look(), 611).orElseThrow().endpoint();
        python.send("leave");
        assertThat(python.line()).isEqualTo("left");
        for (int look = 0; look < 4; look++) {
          assertThat(noRight.look().gaps())
              .filteredOn(Gap::hidesListeners)
              .extracting(gap -> gap.place().namespace())
              .contains(endpoint.namespace());
        }
      }
      noRight.look();
      assertThat(noRight.look().gaps())
          .extracting(gap -> gap.place().namespace())
          .doesNotContain(endpoint.namespace());
    }
  }

  /** The agent without CAP_SYS_ADMIN. */
  private record NoRightToEnter(NamespaceEntry entry) implements NamespaceOpener {

    @Override
    public SocketTable sockDiag(NetworkNamespace namespace) throws KernelException {
      if (!namespace.isHost()) {
        throw new EntryException(Errno.EPERM);
      }
      return entry.sockDiag(namespace);
    }

    @Override
    public SocketTable tables(NetworkNamespace namespace) throws KernelException {
      return entry.tables(namespace);
    }
  }

  @Test
  void socketHasTheCurrentInterfaceName() throws Exception {
    List<String> unshared = List.of("/usr/bin/unshare", "-n", PythonProcess.PYTHON.toString());
    String script =
        """
        import subprocess
        ip = lambda *words: subprocess.check_call(('/usr/sbin/ip', 'link') + words)
        s = socket.socket(type=socket.SOCK_DGRAM)
        s.setsockopt(socket.SOL_SOCKET, 25, b'lo')
        s.bind(('0.0.0.0', 6112))
        print(1, flush=True)
        sys.stdin.readline()
        ip('set', 'lo', 'name', 'second')
        print('renamed', flush=True)
        sys.stdin.read()
        """;
    try (PythonProcess python = PythonProcess.run(unshared, script)) {
      assertThat(at(source.look(), 6112).orElseThrow().endpoint().address().zone()).isEqualTo("lo");
      python.send("rename");
      assertThat(python.line()).isEqualTo("renamed");
      assertThat(at(source.look(), 6112).orElseThrow().endpoint().address().zone())
          .isEqualTo("second");
    }
  }
}
