package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Listeners that neither the first thread of a process nor its network namespace shows. */
@EnabledOnOs(OS.LINUX)
@LiveHost
class HiddenPlaceLiveTest {

  private static final String PRELUDE =
      """
      import threading, time
      home = os.open('/proc/self/ns/net', os.O_RDONLY)
      def on_thread(run):
          done = threading.Event()
          def body():
              run(); done.set(); time.sleep(600)
          threading.Thread(target=body, daemon=True).start()
          done.wait()
      def unshare(flags):
          assert not libc.unshare(flags)
      def away():
          unshare(0x40000000)
          s = tcp('0.0.0.0', 611)
          handle = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
          assert not libc.setns(home, 0x40000000)
          return s, handle
      """;

  private final LinuxSource source = PatientSource.ofHost();

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  @AfterEach
  void close() {
    source.close();
  }

  private PythonProcess run(String script) throws Exception {
    return PythonProcess.run(PRELUDE + script);
  }

  /** The listeners that the process holds, alone; others on the machine may have that port too. */
  private List<Listener> listeners(int pid) throws InterruptedException {
    return source.look().listeners().stream()
        .filter(one -> one.owners().stream().map(Owner::pid).toList().equals(List.of(pid)))
        .toList();
  }

  /** A look has no more than two seconds for namespaces, so on a busy machine it may miss one. */
  private void assertOwner(PythonProcess python) throws Exception {
    Daemon.until("its listener is seen", () -> !listeners(python.pid()).isEmpty());
    assertThat(listeners(python.pid()))
        .extracting(listener -> listener.endpoint().port())
        .containsExactly(611);
  }

  private List<Listener> at(int port) throws InterruptedException {
    return source.look().listeners().stream().filter(one -> one.endpoint().port() == port).toList();
  }

  /** The process ends, and its namespace with it. */
  private void assertGone(PythonProcess python) throws InterruptedException {
    python.close();
    assertThat(listeners(python.pid())).isEmpty();
  }

  @Test
  void threadWithItsOwnDescriptors_isAnOwner() throws Exception {
    try (PythonProcess python =
        run(
            """
            s = []
            on_thread(lambda: (unshare(0x400), s.append(tcp('127.0.0.1', 611))))
            ready()
            """)) {
      assertOwner(python);
    }
  }

  @Test
  void aThreadInAnotherNamespaceIsSeen() throws Exception {
    try (PythonProcess python =
        run(
            """
            s = []
            on_thread(lambda: (unshare(0x40000400), s.append(tcp('0.0.0.0', 611))))
            ready()
            """)) {
      assertOwner(python);
    }
  }

  @Test
  void processWithoutItsFirstThread_isAnOwner() throws Exception {
    try (PythonProcess python =
        run(
            """
            s = tcp('127.0.0.1', 611)
            def wait():
                while open('/proc/self/stat').read().split(') ')[-1][0] != 'Z': time.sleep(0.001)
                ready()
                os._exit(0)
            threading.Thread(target=wait).start()
            libc.syscall(60, 0)
            """)) {
      Requirement.that(System.getProperty("os.arch").equals("amd64"), "x86_64, by its numbers");
      assertOwner(python);
    }
  }

  @Test
  void aSocketInFlightNamesItsReceiver() throws Exception {
    try (PythonProcess python =
        run(
            """
            ours, theirs = socket.socketpair()
            s = tcp('127.0.0.1', 611)
            socket.send_fds(ours, [b'x'], [s.fileno()])
            s.close()
            ready()
            got = socket.recv_fds(theirs, 1, 1)
            print('received', flush=True)
            time.sleep(600)
            """)) {
      assertThat(inFlight(python.pid())).containsExactly(true);
      assertThat(python.proceed()).isEqualTo("received");
      assertThat(inFlight(python.pid())).containsExactly(false);
    }
  }

  /** True for a listener that the process may receive, false for one that it holds. */
  private List<Boolean> inFlight(int pid) throws InterruptedException {
    return source.look().listeners().stream()
        .filter(one -> one.endpoint().port() == 611)
        .flatMap(one -> one.owners().stream())
        .filter(owner -> owner.pid() == pid)
        .map(owner -> owner.details().inFlight())
        .toList();
  }

  @Test
  void aNamespaceKeptByADescriptorIsSeen() throws Exception {
    try (PythonProcess python = run("kept = away(); ready()")) {
      assertOwner(python);
      assertGone(python);
    }
  }

  @Test
  void namespaceKeptByASocket_isSeen() throws Exception {
    try (PythonProcess python = run("s, h = away(); os.close(h); ready()")) {
      assertOwner(python);
      assertGone(python);
    }
  }

  @Test
  void aNamespaceMountedByAnotherProcessIsSeen() throws Exception {
    try (PythonProcess python =
        run(
            """
            unshare(0x20000)
            assert not libc.mount(None, b'/', None, 1 << 18 | 16384, None)
            assert not libc.mount(b't', b'/mnt', b'tmpfs', 0, None)
            s, h = away()
            open('/mnt/a b', 'w').close()
            assert not libc.mount(b'/proc/self/fd/%d' % h, b'/mnt/a b', None, 4096, None)
            os.close(h)
            s.set_inheritable(True)
            ready()
            """)) {
      assertOwner(python);
    }
  }

  @Test
  void theKernelHoldsTheSocketOfATunnel() throws Exception {
    try (PythonProcess python =
        run(
            """
            import subprocess
            unshare(0x40000000)
            subprocess.run('ip link set lo up'.split(), check=True)
            link = 'ip link add v0 type vxlan id 7 dev lo dstport 4798'
            assert not subprocess.run(link.split()).returncode, 'this kernel has no vxlan'
            subprocess.run('ip link set v0 up'.split(), check=True)
            ready()
            """)) {
      assertThat(python.pid()).isPositive();
      Daemon.until("it is seen", () -> !at(4798).isEmpty());
      assertThat(at(4798))
          .isNotEmpty()
          .allSatisfy(one -> assertThat(one.owners()).containsExactly(Owner.ofKernel("vxlan")));
    }
  }

  @Test
  void aProcessThatChangesItsNamespaceIsSeen() throws Exception {
    try (PythonProcess python =
        run(
            """
            print('up', flush=True); sys.stdin.readline();
            unshare(0x40000000); s = tcp('0.0.0.0', 611); ready('in')
            """)) {
      for (int look = 0; look < 20; look++) {
        assertThat(listeners(python.pid())).isEmpty();
      }
      python.send("go");
      assertThat(python.line()).isEqualTo("in");
      // Looks in quick succession check 64 processes each; one after 5 s checks 2,048.
      Thread.sleep(5_100);
      assertOwner(python);
    }
  }
}
