package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The execve(2) of a process of user 65534 hangs. Some kernels (tried: 6.18) let every read of its
 * links wait for that.
 */
@Timeout(120)
@LiveHost
@EnabledOnOs(OS.LINUX)
class FrozenProcessLiveTest {

  @TempDir private Path folder;

  @Test
  void processInExecve_stopsNoLook() throws Exception {
    Requirement.root();
    try (PythonProcess other = PythonProcess.run("s = tcp(); ready(s.getsockname()[1])");
        Frozen frozen = Frozen.in(folder);
        LinuxSource source = LinuxSource.ofHost()) {
      frozen.awaitExecve();
      for (int i = 0; i < 3; i++) {
        View view = look(source);
        assertThat(at(view, other.word(0)).owners())
            .singleElement()
            .satisfies(owner -> assertThat(owner.pid()).isEqualTo(other.pid()));
        Listener held = at(view, frozen.port());
        assertThat(held.owners()).isEmpty();
        assertThat(held.unknownOwner()).isNotNull();
      }
    }
  }

  @Test
  void ownerThatExecutesAProgram_isUnknown() throws Exception {
    Requirement.root();
    try (Frozen frozen = Frozen.in(folder);
        LinuxSource source = LinuxSource.ofHost()) {
      // Perhaps before its execve, after which the owner may no longer be taken for proven.
      look(source);
      frozen.awaitExecve();
      Listener held = at(look(source), frozen.port());
      for (int i = 0; i < 50 && !held.owners().isEmpty(); i++) {
        held = at(look(source), frozen.port());
      }
      assertThat(held.owners()).isEmpty();
    }
  }

  /** A process whose execve ends with the FUSE server; nothing else ends it. */
  private record Frozen(PythonProcess server) implements AutoCloseable {

    static Frozen in(Path folder) throws Exception {
      LiveOwner.run("chmod", "755", folder.toString());
      Path mounted = Files.createDirectory(folder.resolve("mounted"));
      return new Frozen(FuseMount.ofNobodyThatFreezes(folder, mounted));
    }

    int port() {
      return server.word(0);
    }

    void awaitExecve() throws InterruptedException {
      ProcFs proc = new ProcFs(Path.of("/"));
      for (int i = 0; i < 100 && !proc.isExecuting(server.word(1)); i++) {
        Thread.sleep(50);
      }
      assertThat(proc.isExecuting(server.word(1))).isTrue();
    }

    /** The server goes first: a search for its children would wait for the execve. */
    @Override
    public void close() {
      ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
      server.close();
    }
  }

  /** A look that hangs cannot be interrupted, so it runs on a thread of its own. */
  private static View look(LinuxSource source) throws Exception {
    FutureTask<View> look = new FutureTask<>(source::look);
    Thread thread = new Thread(look, "look");
    thread.setDaemon(true);
    thread.start();
    return look.get(10, TimeUnit.SECONDS);
  }

  private static Listener at(View view, int port) {
    return view.listeners().stream()
        .filter(one -> one.endpoint().port() == port)
        .findFirst()
        .orElseThrow();
  }
}
