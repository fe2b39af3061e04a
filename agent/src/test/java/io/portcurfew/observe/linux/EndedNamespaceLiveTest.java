package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.View;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Network namespaces that end, for an agent with the rights of the service: it may not enter. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class EndedNamespaceLiveTest {

  private static final int SYS_PTRACE = 19;

  /** A listener in a network namespace of its own; another process of it stays. */
  private static final String TWO =
      """
      libc.unshare(0x40000000)
      s = tcp('0.0.0.0', 611)
      first = os.fork()
      if first == 0:
          s.close(); signal.pause()
      print(first, flush=True)
      sys.stdin.readline()
      os.kill(first, signal.SIGKILL); os.waitpid(first, 0)
      print('ended', flush=True)
      signal.pause()
      """;

  /**
   * A listener in a network namespace of its own whose process does not come to its end: as the
   * first one of a process namespace it waits for another one of it, whose parent does not. A look
   * checks only some of so many holders of other sockets.
   */
  private static final String ENDING =
      """
      import time
      for _ in range(200):
          if os.fork() == 0:
              libc.prctl(1, signal.SIGKILL)
              s = tcp()
              signal.pause()
      libc.unshare(0x20000000)
      first = os.fork()
      if first == 0:
          libc.prctl(1, signal.SIGKILL)
          libc.unshare(0x40000000)
          s = tcp('0.0.0.0', 611)
          print(1, flush=True)
          signal.pause()
      if os.fork() == 0:
          libc.prctl(1, signal.SIGKILL)
          signal.pause()
      sys.stdin.readline()
      os.kill(first, signal.SIGKILL)
      while os.path.lexists('/proc/%d/exe' % first) and os.listdir('/proc/%d/fd' % first):
          time.sleep(0.01)
      print('ending', flush=True)
      sys.stdin.read()
      """;

  /**
   * A process elsewhere keeps the listener, and its first thread ends with that of the listener.
   */
  private static final String KEPT_BY_A_THREAD =
      """
      import array, platform, threading, time
      ours, theirs = socket.socketpair()
      child = os.fork()
      if child == 0:
          libc.prctl(1, signal.SIGKILL)
          libc.unshare(0x40000000)
          s = tcp('0.0.0.0', 611)
          theirs.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                                   array.array('i', [s.fileno()]))])
          signal.pause()
      data, fds = ours.recvmsg(1, 64)[:2]
      print(1, flush=True)
      sys.stdin.readline()
      def rest():
          while open('/proc/self/stat').read().split()[2] != 'Z':
              time.sleep(0.01)
          os.kill(child, signal.SIGKILL)
          os.waitpid(child, 0)
          print('left', flush=True)
          sys.stdin.read()
      threading.Thread(target=rest).start()
      libc.syscall(60 if platform.machine() == 'x86_64' else 93, 0)
      """;

  /** The namespaces in which another program of this host listens at the same port. */
  private final Set<String> others = new HashSet<>();

  private LinuxSource source;

  @BeforeEach
  void open() throws Exception {
    Requirement.root();
    source = asService(LinuxSource::ofHost);
    look().listeners().forEach(one -> others.add(one.endpoint().namespace()));
  }

  @AfterEach
  void close() {
    if (source != null) {
      source.close();
    }
  }

  private static <T> T asService(Callable<T> step) throws Exception {
    return ThreadRights.asNobody(step, ThreadRights.DAC_READ_SEARCH, SYS_PTRACE);
  }

  private View look() throws Exception {
    return asService(source::look);
  }

  /** Looks twice and returns the name of the namespace with the listener. */
  private String namespace() throws Exception {
    look();
    return at(look()).orElseThrow().endpoint().namespace();
  }

  private Optional<Listener> at(View view) {
    return view.listeners().stream()
        .filter(one -> one.endpoint().port() == 611)
        .filter(one -> !others.contains(one.endpoint().namespace()))
        .findFirst();
  }

  private static boolean isBlind(View view, String namespace) {
    return view.gaps().stream()
        .filter(gap -> gap.place() != null && namespace.equals(gap.place().namespace()))
        .anyMatch(gap -> gap.why().startsWith("namespace " + namespace + ": "));
  }

  /** Looks until the search for other holders has ended, which takes several looks under load. */
  private void assertEnds(String namespace) throws Exception {
    View view = look();
    for (int looks = 1; looks < 100 && at(view).isPresent(); looks++) {
      assertThat(isBlind(view, namespace)).isFalse();
      view = look();
    }
    assertThat(at(view)).isEmpty();
    assertThat(source.namespaces()).doesNotContain(namespace);
    assertThat(isBlind(view, namespace)).isFalse();
    assertThat(isBlind(look(), namespace)).isFalse();
  }

  @Test
  void namespaceThatHasEnded_isNoGap() throws Exception {
    List<String> unshared = List.of("/usr/bin/unshare", "-n", PythonProcess.PYTHON.toString());
    String script = "s = tcp('0.0.0.0', 611); ready(611)";
    try (PythonProcess python = PythonProcess.run(unshared, script)) {
      String name = namespace();
      ProcessHandle process = ProcessHandle.of(python.pid()).orElseThrow();
      process.destroyForcibly();
      process.onExit().join();
      assertEnds(name);
    }
  }

  @Test
  void namespaceWithAnotherProcess_isReadThroughIt() throws Exception {
    try (PythonProcess python = PythonProcess.run(TWO)) {
      String name = namespace();
      assertThat(python.proceed()).isEqualTo("ended");
      for (int look = 0; look < 3; look++) {
        View after = look();
        assertThat(isBlind(after, name)).isFalse();
        assertThat(at(after)).isPresent();
      }
    }
  }

  @Test
  void namespaceThatASocketKeeps_isAGap() throws Exception {
    try (PythonProcess python = PythonProcess.run(NamespaceSharesLiveTest.HANDED_OVER)) {
      String name = namespace();
      python.send("leave");
      assertThat(python.line()).isEqualTo("left");
      for (int look = 0; look < 3; look++) {
        assertThat(isBlind(look(), name)).isTrue();
      }
    }
  }

  @Test
  void namespaceWhoseProcessIsEnding_isNoGap() throws Exception {
    try (PythonProcess python = PythonProcess.run(ENDING)) {
      String name = namespace();
      python.send("end");
      assertThat(python.line()).isEqualTo("ending");
      assertEnds(name);
    }
  }

  @Test
  void namespaceThatASocketOfAThreadKeeps_isAGap() throws Exception {
    try (PythonProcess python = PythonProcess.run(KEPT_BY_A_THREAD)) {
      String name = namespace();
      python.send("leave");
      assertThat(python.line()).isEqualTo("left");
      boolean isBlind = false;
      for (int looks = 0; looks < 100 && !isBlind; looks++) {
        View view = look();
        isBlind = isBlind(view, name);
        assertThat(isBlind || at(view).isPresent()).isTrue();
      }
      for (int look = 0; look < 3; look++) {
        assertThat(isBlind(look(), name)).isTrue();
      }
    }
  }
}
