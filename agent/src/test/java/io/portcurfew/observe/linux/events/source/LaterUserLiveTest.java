package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.owner.EventOwners;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** User 65534 runs a set-user-ID program of root after his listener, or lets it listen. */
@LiveHost
class LaterUserLiveTest {

  private static final int PORT = 18_612;

  /** So many programs that their records have no room before the next look. */
  private static final String RUN =
      """
      print(flush=True); sys.stdin.readline()
      child = os.fork()
      if child == 0:
          os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
          s = tcp('127.0.0.1', %d); s.close()
          os.execv('%s', ['sleep', '60'])
      while '\\t0\\t' not in [line for line in open(f'/proc/{child}/status') if line[:4] == 'Uid:'][0][10:]: pass
      for i in range(%d): os.spawnv(os.P_WAIT, '/bin/true', ['true'])
      print(child, flush=True); sys.stdin.read()
      os.kill(child, signal.SIGKILL)
      """;

  @TempDir private Path folder;
  private Path program;

  @BeforeEach
  void copyProgram() throws Exception {
    Requirement.root();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    program = Files.copy(Path.of("/usr/bin/sleep").toRealPath(), folder.resolve("sleep"));
    Files.setAttribute(program, "unix:mode", 0_4755);
  }

  private String script(int programs) {
    return RUN.formatted(PORT, program, programs);
  }

  @Test
  void userOfALaterProgram_isNotTheUserWhereRecordsWereLost() throws Exception {
    try (PythonProcess python = PythonProcess.run(script(1500));
        OpenSources sources = OpenSources.of(EventSettings.AUTO, OpenSources.NONE)) {
      Requirement.that(
          sources.all().stream().anyMatch(one -> one.kind() == EventSourceKind.PERF),
          "perf events");
      python.proceed();
      ProcFs proc = new ProcFs(Path.of("/"));
      assertThat(sources.drain().read(proc))
          .filteredOn(seen -> seen.change().port() == PORT && seen.change().opened())
          .extracting(OpenSources.SeenChange::process)
          .singleElement()
          .satisfies(
              process -> {
                assertThat(process.uid()).isNull();
                assertThat(process.realUid()).isEqualTo(65_534);
                assertThat(process.accountable()).isEqualTo(65_534);
              });
    }
  }

  @Test
  void setUserIdProgram_isOfTwoUsersAlsoWhenItHasEnded() throws Exception {
    try (PythonProcess python = PythonProcess.run(script(0));
        EventOwners owners = new EventOwners(Path.of("/"), new ProcFs(Path.of("/")))) {
      ProcessGlimpse seen = LiveGlimpse.of(Integer.parseInt(python.proceed()));
      assertThat(seen.uid()).isZero();
      assertThat(seen.realUid()).isEqualTo(65_534);
      Owner owner =
          owners.ended(
              seen.pid(), seen.name(), seen.path(), seen.uid(), seen.realUid(), 0, 0, true);
      assertThat(owner).asString().endsWith(" as root (real uid 65534)");
      assertThat(owner.isOfOneUser()).isFalse();
      assertThat(owner.accountable()).isEqualTo(65_534);
    }
  }
}
