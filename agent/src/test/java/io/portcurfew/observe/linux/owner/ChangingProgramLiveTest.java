package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.LinuxSource;
import io.portcurfew.observe.linux.PatientSource;
import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Trilean;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process whose program changes during every reading. */
@Timeout(600)
@LiveHost
@EnabledOnOs(OS.LINUX)
class ChangingProgramLiveTest {

  /** The number of names of its program changes as fast as it can. */
  private static final String CHANGE =
      """
      s = tcp()
      os.setgroups([]); os.setgid(65534); os.setuid(65534)
      libc.prctl(1, signal.SIGKILL)
      print(s.getsockname()[1], flush=True)
      while True:
          os.link('PROGRAM', 'PROGRAM.2')
          os.unlink('PROGRAM.2')
      """;

  @TempDir private Path folder;

  @Test
  void itsUserIsKnown() throws Exception {
    Requirement.root();
    LiveOwner.run("chmod", "777", folder.toString());
    Path program = LiveOwner.copyOfPython(folder.resolve("server"));
    LiveOwner.run("chown", "65534", program.toString());
    String script = CHANGE.replace("PROGRAM", program.toString());
    try (LinuxSource source = PatientSource.ofHost();
        PythonProcess python = PythonProcess.run(List.of(program.toString()), script)) {
      int port = python.word(0);
      Owner owner = LiveOwner.look(source, port);
      long end = System.nanoTime() + Daemon.PATIENCE.toNanos();
      while (owner.executable() != null && System.nanoTime() - end < 0) {
        owner = LiveOwner.look(source, port);
      }
      assertThat(owner.executable()).as("it changed during every reading").isNull();
      assertThat(owner.user()).hasToString("nobody");
      assertThat(owner.details().startedAt()).isNotNull();
      assertThat(new OwnerTerm(null, "nobody").accepts(owner)).isEqualTo(Trilean.YES);
      assertThat(new OwnerTerm(null, "root").accepts(owner)).isEqualTo(Trilean.NO);
    }
  }
}
