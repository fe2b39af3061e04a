package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.View;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.util.List;
import java.util.Optional;
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

  private LinuxSource source;

  @BeforeEach
  void open() throws Exception {
    Requirement.root();
    source = asService(LinuxSource::ofHost);
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

  private static Optional<Listener> at(View view) {
    return view.listeners().stream().filter(one -> one.endpoint().port() == 611).findFirst();
  }

  private static boolean isBlind(View view, String namespace) {
    return view.gaps().stream()
        .filter(gap -> gap.place() != null && namespace.equals(gap.place().namespace()))
        .anyMatch(gap -> gap.why().startsWith("namespace " + namespace + ": "));
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
      View after = look();
      assertThat(at(after)).isEmpty();
      assertThat(isBlind(after, name)).isFalse();
      assertThat(source.namespaces()).doesNotContain(name);
      assertThat(isBlind(look(), name)).isFalse();
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
}
